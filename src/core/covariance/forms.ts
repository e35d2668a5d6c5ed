/** The four forms by name: a form is known by its name where plain data cross to another thread. */

import { DIAGONAL_FORM, SPHERICAL_FORM } from './axis-forms.js';
import { FULL_FORM, TIED_FORM } from './dense-forms.js';
import type { Form, FormName } from './form.js';

export type { FormName };

export const FORMS: Readonly<Record<FormName, Form>> = {
  full: FULL_FORM,
  tied: TIED_FORM,
  diagonal: DIAGONAL_FORM,
  spherical: SPHERICAL_FORM,
};
