/** The data sets of the references. */

import { fileURLToPath } from 'node:url';
import { Dataset } from '../package.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../../data/${name}.csv`, import.meta.url));

export const DATA = {
  faithful: await Dataset.read(pathOf('faithful')),
  waiting: await Dataset.read(pathOf('faithful'), { columns: ['waiting'] }),
  iris: await Dataset.read(pathOf('iris')),
};
