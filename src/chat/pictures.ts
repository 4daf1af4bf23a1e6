// A picture from a file or the clipboard as a model may see it: no larger than it can use, and without what a camera
// wrote beside the pixels (place, time, device). Window only.
import { AppError } from '../base/errors';

/** Phi-3.5-vision looks at tiles of 336 pixels, at most four by four. */
const longestSide = 1344;
export const maxPictures = 4;

/** @returns a `data:image/jpeg` address. @throws AppError `run/bad-request` for what is no picture. */
export async function readPicture(file: Blob): Promise<string> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (cause) {
    const name = file instanceof File ? file.name : 'The file';
    throw new AppError('run/bad-request', `${name} is no picture that this browser can read.`, { cause });
  }
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new AppError('run/bad-request', 'This browser cannot draw pictures.');
  // JPEG has no transparency: white behind it, as on paper, and not black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return asAddress(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
}

function asAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(new AppError('run/bad-request', 'The picture could not be read back.'));
    reader.readAsDataURL(blob);
  });
}
