import { createHash } from 'node:crypto';
import { createTranscoder } from '../../csv/transcode.js';
import { exitCodes, failedWith } from '../../errors.js';
import type { Gateways, UploadState } from '../../ports/aws.js';
import { fileChanged } from './check-file.js';
import type { ImportPlan } from './plan-import.js';
import { formText } from './written-form.js';

/** Of an import, what its upload needs. */
export type UploadPlan = Pick<
  ImportPlan,
  'file' | 'machine' | 'bucket' | 'encryption' | 'entry' | 'contentId'
>;

interface Uploading {
  gateways: Pick<Gateways, 'objects'>;
  signal: AbortSignal;
  onProgress(bytes: number): void;
  onState(state: UploadState | undefined): Promise<void>;
}

/**
 * Uploads the checked file, or the parts of it that a former run has not sent; not what is there already.
 * @throws FlowError when the file is not what was checked; then, and on abort, no object is left behind
 */
export async function uploadFile(
  plan: UploadPlan,
  { gateways, signal, onProgress, onState }: Uploading,
): Promise<void> {
  const { bucket, encryption, entry, contentId } = plan;
  if (await isUploaded(gateways, plan)) return;
  await gateways.objects.upload({
    bucket,
    key: entry.key,
    body: () => uploadedBytes(plan),
    size: plan.file.report.bytes,
    contentType: 'text/csv; charset=utf-8',
    metadata: { 'mbc-flow-content': contentId, 'mbc-flow-form': formText(plan.file) },
    encryption,
    signal,
    onProgress,
    resume: entry.upload,
    onState,
  });
}

async function isUploaded(
  { objects }: Pick<Gateways, 'objects'>,
  { bucket, entry, contentId, encryption }: UploadPlan,
): Promise<boolean> {
  try {
    const head = await objects.head(bucket, entry.key);
    const asWanted = !encryption || head?.encryption === encryption.algorithm;
    return asWanted && head?.metadata['mbc-flow-content'] === contentId;
  } catch (error) {
    // Who may write an object need not be allowed to look at it.
    if (failedWith(error, exitCodes.denied)) return false;
    throw error;
  }
}

/** The bytes that the machine reads: UTF-8 with its delimiter. Fails before its end when the file was changed. */
async function* uploadedBytes({ file, machine }: UploadPlan): AsyncGenerator<Uint8Array> {
  const { source, dialect, sha256, stamp } = file;
  const transcoder = createTranscoder(dialect, machine.reader);
  const hash = createHash('sha256');
  for await (const chunk of source.read()) {
    hash.update(chunk);
    const piece = transcoder ? transcoder.push(chunk) : chunk;
    if (piece.length > 0) yield piece;
  }
  if (hash.digest('hex') !== sha256 || (await source.stamp()) !== stamp) throw fileChanged(source.path);
  const rest = transcoder?.end();
  if (rest && rest.length > 0) yield rest;
}
