// An extracted table as a file. Cells that a spreadsheet would take for a formula are disarmed.
import Papa from 'papaparse';
import type { ExtractJob } from './job';

interface TableFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

export function asCsv(job: ExtractJob): TableFile {
  const rows = job.values.map(({ field, value, passage, page, verbatim }) => ({
    field,
    value,
    document: job.document.name,
    page: page ?? '',
    passage: passage + 1,
    verbatim,
  }));
  const text = Papa.unparse(rows, { escapeFormulae: true });
  return { name: fileName(job, 'csv'), type: 'text/csv', text: `\ufeff${text}` };
}

export function asJson(job: ExtractJob): TableFile {
  const values = job.values.map(({ passage, ...rest }) => ({ ...rest, passage: passage + 1 }));
  const text = JSON.stringify({ document: job.document.name, fields: job.fields, values }, undefined, 2);
  return { name: fileName(job, 'json'), type: 'application/json', text };
}

function fileName({ document }: ExtractJob, extension: string): string {
  const stem = document.name.replace(/\.[a-z0-9]+$/i, '').replace(/[^\p{L}\p{N} _-]+/gu, '-');
  return `${stem.slice(0, 80) || 'table'}.${extension}`;
}
