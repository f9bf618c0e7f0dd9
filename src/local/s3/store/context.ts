import type Database from 'libsql';
import type { Clock } from '../../clock.js';
import type { Store } from '../../store/port.js';
import { type HashName, hash } from '../sums/checksums.js';
import { hashed, type Intake } from '../wire/integrity.js';
import type { Bodies, Location } from './bodies.js';
import { type Discard, findObject, type StoredObject, stretchesOf } from './catalog.js';

/** What every operation of S3 works on. */
export interface S3Context {
  store: Store;
  bodies: Bodies;
  clock: Clock;
  region: string;
}

/** Commits `work`, then deletes the files whose rows it deleted. */
export async function commit<T>(
  { store, bodies }: S3Context,
  work: (db: Database.Database, discard: Discard) => T,
): Promise<T> {
  let discarded: string[] = [];
  const result = await store.write((db) => {
    discarded = [];
    return work(db, (files) => {
      for (const file of files) discarded.push(file);
    });
  });
  await bodies.discard(discarded);
  return result;
}

/** The object under a key; none where somebody has taken its bytes out of the bodies' folder. */
export function presentObject(
  { store, bodies }: S3Context,
  bucket: string,
  key: string,
): StoredObject | undefined {
  return store.read((db) => {
    const object = findObject(db, bucket, key);
    if (!object) return undefined;
    return bodies.present(stretchesOf(db, object.body, 0, object.size)) ? object : undefined;
  });
}

/** A body on disk that no row refers to yet. */
export interface Received {
  location: Location;
  size: number;
  /** Hex. */
  md5: string;
  /** Base64 of one of the intake's hashes. */
  sum(name: HashName): string;
}

/** Receives and verifies a body, then commits the rows that make it count; leaves nothing when either fails. */
export async function receive<T>(
  context: S3Context,
  intake: Intake,
  work: (db: Database.Database, received: Received, discard: Discard) => T,
): Promise<T> {
  const few = intake.whole && context.bodies.small(intake.whole);
  if (intake.whole && few) {
    const { whole } = intake;
    const size = whole.length;
    const md5 = hash('md5', whole).toString('hex');
    const received: Received = {
      location: few,
      size,
      md5,
      sum: (name) => hash(name, whole).toString('base64'),
    };
    return await commit(context, (db, discard) => work(db, received, discard));
  }
  let received: Omit<Received, 'location'> | undefined;
  const source = hashed(intake, (sums) => {
    received = {
      size: sums.size,
      md5: sums.of('md5').toString('hex'),
      sum: (name) => sums.of(name).toString('base64'),
    };
  });
  const location = await context.bodies.store(source, intake.pack);
  try {
    if (!received) throw new Error('the body was not read to its end');
    const whole = { ...received, location };
    return await commit(context, (db, discard) => work(db, whole, discard));
  } catch (error) {
    if (location.file !== null) await context.bodies.discard([location.file]);
    throw error;
  }
}
