// SPDX-License-Identifier: MIT
// sharp.js -- the peer in node: photos through sharp, as its documentation has it.
//
//     sharp.js [--effort N] [--mozjpeg] [--once] OUTDIR PHOTO...
//     sharp.js [--effort N] [--mozjpeg] --curve Q,Q,... OUTDIR PHOTO WIDTH HEIGHT
//
// All photos are in flight at once, as a server's would be, in one process; how many threads work
// is sharp's own choice. Photo number i, from 0, becomes OUTDIR/i.webp and OUTDIR/i.jpg. Both are
// clones of one pipeline, which decodes twice; --once hands the resized pixels to both encoders.
// --effort is WebP's, and sharp's default otherwise.
//
// --curve makes of one photo OUTDIR/Q.webp and OUTDIR/Q.jpg for each quality Q, on white and of
// exactly this size; with --mozjpeg, which does not change WebP, only OUTDIR/Q.jpg.
'use strict';
const fs = require('fs');
const sharp = require('sharp');

const developed = (photo) =>
  sharp(photo).rotate().resize({ width: 1024, withoutEnlargement: true });

async function pixels(pipeline) {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}

async function make(photo, out, options) {
  const source = options.once ? await pixels(developed(photo)) : developed(photo);
  await Promise.all([
    source.clone().webp({ quality: 80, ...options.webp }).toFile(`${out}.webp`),
    source.clone().jpeg({ quality: 80, ...options.jpeg }).toFile(`${out}.jpg`),
  ]);
}

async function curve(photo, width, height, out, options) {
  const exactly = { width, height, fit: 'fill' };
  const source = await pixels(
    sharp(photo).rotate().flatten({ background: '#fff' }).resize(exactly).toColourspace('srgb'));
  for (const quality of options.curve) {
    if (!options.jpeg.mozjpeg)
      await source.clone().webp({ quality, ...options.webp }).toFile(`${out}/${quality}.webp`);
    await source.clone().jpeg({ quality, ...options.jpeg }).toFile(`${out}/${quality}.jpg`);
  }
}

async function main(words) {
  const options = { webp: {}, jpeg: {} };
  while (words.length > 0 && words[0].startsWith('--')) {
    const word = words.shift();
    if (word === '--effort') options.webp.effort = Number(words.shift());
    else if (word === '--mozjpeg') options.jpeg.mozjpeg = true;
    else if (word === '--curve') options.curve = words.shift().split(',').map(Number);
    else if (word === '--once') options.once = true;
    else throw new Error(`unknown option ${word}`);
  }
  const out = words.shift();
  if (options.curve) await curve(words[0], Number(words[1]), Number(words[2]), out, options);
  else await Promise.all(words.map((photo, i) => make(photo, `${out}/${i}`, options)));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
