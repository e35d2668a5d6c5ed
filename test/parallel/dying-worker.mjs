/** The built worker, which dies or fails when a job of the test says so. */

import { assist as realAssist, lead as realLead } from '../../dist/worker.js';

export function lead(messages) {
  for (const { task } of messages) {
    if (task.kind === 'throw') throw new Error('no memory left');
    if (task.kind === 'exit') process.exit(1);
  }
  return realLead(messages);
}

export function assist(message) {
  if (message.job.rows.dyingAssistants) throw new Error('no memory left');
  return realAssist(message);
}
