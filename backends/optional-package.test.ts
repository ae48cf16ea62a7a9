import { describe, expect, it } from 'vitest';
import { importOptional, PackageMissingError } from './optional-package.js';

const missing = () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' }));

describe('an optional package', () => {
  it('that is missing: the error says how to get it', async () => {
    const found = importOptional('sharp', missing);
    await expect(found).rejects.toThrow('sharp is not installed; get it with: npm install sharp');
    await expect(found).rejects.toBeInstanceOf(PackageMissingError);
  });

  it('that does not load: the error says why', async () => {
    const broken = () => Promise.reject(new Error('wrong platform\nlong story'));
    await expect(importOptional('sharp', broken)).rejects.toThrow(
      /^sharp does not load here: wrong platform$/,
    );
  });

  it('that is missing: the caller’s own error is thrown if there is one', async () => {
    const refuse = (reason: string) => new RangeError(`for webgpu: ${reason}`);
    await expect(
      importOptional('webgpu', missing, { refuse, command: 'npm install webgpu and-more' }),
    ).rejects.toThrow(
      new RangeError('for webgpu: webgpu is not installed; get it with: npm install webgpu and-more'),
    );
    expect(await importOptional('here', () => Promise.resolve(7))).toBe(7);
  });
});
