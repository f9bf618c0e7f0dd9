import { signal } from '@preact/signals';
import type { UploadDocument } from '../../../api.js';
import { request } from '../../core/api.js';

/** A file that was chosen and is not imported yet; it stays when one looks at another page. */
export interface Draft {
  upload: string;
  name: string;
  bytes: number;
  /** Of an import whose failed rows these are. */
  table?: string;
}

export const draft = signal<Draft | undefined>(undefined);

/** Sends a file to the server, which keeps it until it is imported. @throws ApiError */
export async function uploaded(file: Blob, name: string): Promise<Draft> {
  const response = await request(`/api/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: file,
  });
  const { upload, bytes } = (await response.json()) as UploadDocument;
  return { upload, name, bytes };
}
