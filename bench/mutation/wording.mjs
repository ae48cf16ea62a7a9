import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** The functions that refuse input, each with the index of its first argument that is prose. */
const WORDS_FROM = { outOfRange: 2, wrongType: 2, readNumber: 2 };

/**
 * Excludes the wording of refusals from mutation. The code and place of a refusal are stable, and vectors judge
 * them; the words for what was expected and what came instead may change.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'wording', {
    shouldIgnore(path) {
      const { parent } = path;
      if (parent?.type === 'CallExpression' && path.listKey === 'arguments') {
        const from = WORDS_FROM[parent.callee.name];
        // the last argument of readNumber is a rule, not prose
        const isFunction = /Function/.test(path.node.type);
        if (path.key >= from && !isFunction) return 'the wording of a refusal';
      }
      if (parent?.type === 'VariableDeclarator' && parent.id.name === 'expected' && path.key === 'init')
        return 'the wording of a refusal';
      return undefined;
    },
  }),
];
