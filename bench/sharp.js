// SPDX-License-Identifier: MIT
// sharp.js -- the peer in node: photos through sharp, as its documentation has it.
//
//     sharp.js [--effort N] [--once] OUTDIR PHOTO...
//     sharp.js [--effort N] --equal OUTDIR [PHOTO WEBP_BYTES JPEG_BYTES]...
//
// All photos are in flight at once, as a server's would be, in one process; how many threads work
// is sharp's own choice. Photo number i, from 0, becomes OUTDIR/i.webp and OUTDIR/i.jpg. Both are
// clones of one pipeline, which decodes twice; --once hands the resized pixels to both encoders.
// --effort is WebP's, and sharp's default otherwise.
//
// --equal looks for the two neighbouring qualities whose files enclose so many bytes, the one at
// most as large and the one larger: OUTDIR/i-low.webp, i-high.webp, i-low.jpg, i-high.jpg, and a
// line of JSON on standard output for each pair.
'use strict';
const fs = require('fs');
const sharp = require('sharp');

const developed = (photo) =>
  sharp(photo).rotate().resize({ width: 1024, withoutEnlargement: true });

async function pixels(photo) {
  const { data, info } = await developed(photo).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}

async function make(photo, out, options) {
  const source = options.once ? await pixels(photo) : developed(photo);
  await Promise.all([
    source.clone().webp({ quality: 80, ...options.webp }).toFile(`${out}.webp`),
    source.clone().jpeg({ quality: 80 }).toFile(`${out}.jpg`),
  ]);
}

// Bisection: bytes grow with quality.
async function enclose(source, format, wanted, options) {
  const encode = async (quality) => {
    const file = await source.clone()[format]({ quality, ...options }).toBuffer();
    return { quality, file };
  };
  let low = await encode(1);
  let high = await encode(100);
  if (low.file.length > wanted || high.file.length < wanted) return null;
  while (high.quality - low.quality > 1) {
    const middle = await encode((low.quality + high.quality) >> 1);
    if (middle.file.length <= wanted) low = middle;
    else high = middle;
  }
  return { low, high };
}

async function equal(photo, out, wanted, options) {
  const source = await pixels(photo);
  for (const [format, ending] of [['webp', 'webp'], ['jpeg', 'jpg']]) {
    const found = await enclose(source, format, wanted[format], options[format]);
    const line = { photo, format, wanted: wanted[format] };
    for (const side of found ? ['low', 'high'] : []) {
      const { quality, file } = found[side];
      line[side] = { path: `${out}-${side}.${ending}`, quality, bytes: file.length };
      fs.writeFileSync(line[side].path, file);
    }
    console.log(JSON.stringify(line));
  }
}

async function main(words) {
  const options = { webp: {} };
  while (words.length > 0 && words[0].startsWith('--')) {
    const word = words.shift();
    if (word === '--effort') options.webp.effort = Number(words.shift());
    else if (word === '--once' || word === '--equal') options[word.slice(2)] = true;
    else throw new Error(`unknown option ${word}`);
  }
  const out = words.shift();
  if (!options.equal) {
    await Promise.all(words.map((photo, i) => make(photo, `${out}/${i}`, options)));
    return;
  }
  for (let i = 0; i < words.length; i += 3) {
    const wanted = { webp: Number(words[i + 1]), jpeg: Number(words[i + 2]) };
    await equal(words[i], `${out}/${i / 3}`, wanted, options);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
