import { describe, expect, it } from 'vitest';
import { ATTRIBUTES, drawAttributes, drawFace } from './faces.js';

describe('synthetic faces', () => {
  it('have each attribute as often as its ratio says', () => {
    const faces = drawAttributes(2400, 1);
    for (const [j, [name, lacking]] of ATTRIBUTES.entries()) {
      const having = faces.filter((face) => face[j]).length;
      expect(having, name).toBe(Math.round(2400 / (1 + lacking)));
    }
    expect(drawAttributes(2400, 1)).toEqual(faces);
    expect(drawAttributes(2400, 2)).not.toEqual(faces);
  });

  it('show every attribute, and it changes only its own place', () => {
    const plain = ATTRIBUTES.map(() => false);
    const drawn = (has: readonly boolean[], id: number) => drawFace(has, 24, 3, id);
    for (const [j, [name]] of ATTRIBUTES.entries()) {
      const changed = Array.from({ length: 20 }, (_, id) => {
        const before = drawn(plain, id);
        expect(drawn(plain, id)).toEqual(before);
        const face = drawn(
          plain.map((_, at) => at === j),
          id,
        );
        return face.filter((value, i) => value !== before[i]).length;
      });
      expect(Math.max(...changed), name).toBeGreaterThan(5);
      expect(Math.max(...changed), name).toBeLessThan((24 * 24) / 3);
    }
  });
});
