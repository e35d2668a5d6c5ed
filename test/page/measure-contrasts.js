/** The contrast (WCAG 2.2) of every text that can be seen with what is behind it. Runs in the page, as an expression. */
(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent)
      .join('')
      .trim();
    if (text === '' || element.closest('script, .hidden') || element.getClientRects().length === 0) continue;
    const isSvg = element.namespaceURI === SVG;
    if (isSvg && element.localName !== 'text') continue;
    const style = getComputedStyle(element);
    const [a, b] = [parse(isSvg ? style.fill : style.color).slice(0, 3), behind(element)].map(luminance);
    found.push({ text, contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
  }
  return found;
})();
