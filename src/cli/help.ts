/**
 * Examples and exit codes below the help of each command.
 *
 * @module
 */

export const HELP = `
Examples:
  crl start                                     verify, then train on digits
  crl verify --backend ./my-kernel.ts           judge a backend of your own
  crl forecast labels.csv --batch 32            know what CRL will find in your batches
  crl train --folder photos --out runs/photos   train on one folder per class

The help of each command has examples, such as crl verify --help.`;

export const VERIFY_HELP = `
Examples:
  crl verify --backend tfjs --engine wasm
  crl verify --backend ./my-kernel.ts --stage mineHardSamples --runs 1000
  crl verify --backend ./my-kernel.ts --seed 7 --report report.html report.json
  crl verify --backend ./my-kernel.ts --level core --certificate core.json
  crl verify --check core.json
  crl verify --backend ./my-kernel.ts --watch --fail-fast
  crl verify --backend ./my-kernel.ts --soak 60 --soak-file soak.json
  crl verify --engine-only --engine wasm

The backend runs in processes of its own, as many at once as there are cores. If it loops forever, crashes,
exits or takes too much memory, the property that was running fails with its case, and the rest is judged in
a new process.
Exit codes: 0 passed, 1 failed, 2 could not run; 130 stopped by Ctrl-C and 143 by SIGTERM, both with
what was found so far.`;

export const PROPERTIES_HELP = `
Examples:
  crl properties
  crl properties mining-agrees loss-agrees
  crl verify --list --level core

Exit codes: 0 listed, 2 a property that does not exist.`;

export const NEW_BACKEND_HELP = `
Examples:
  crl new-backend my-kernel
  crl new-backend my-kernel --javascript --dir backends
  crl new-backend my-kernel --python
  crl new-backend my-kernel --cpp

Exit codes: 0 written, 2 could not be written.`;

export const EXPLAIN_HELP = `
Examples:
  crl explain batch.json
  crl explain batches.jsonl --json > walks.jsonl
  echo '{"attributes":[2],"labels":[[0],[0],[1]],"scores":[[0.2,0.8],[0.3,0.7],[0.5,0.5]]}' | crl explain -

A document may be indented over several lines; one that begins with { begins a new document.
Exit codes: 0 every document answered, 1 some document was refused, 2 could not run.`;

export const PLAYGROUND_HELP = `
Examples:
  crl playground
  crl playground --port 8080

The page is served to this machine alone, and sends nothing. A failure of crl verify prints this command with
its counterexample.
Exit codes: 130 stopped by Ctrl-C, 2 could not run.`;

export const RULINGS_HELP = `
Examples:
  crl rulings
  crl rulings hinge kinks

Exit codes: 0 printed, 2 a ruling that does not exist.`;

export const START_HELP = `
Examples:
  crl start
  crl start --seed 7 --jobs 1

Exit codes: 0 verified and trained, 1 a backend failed, so that nothing was trained, 2 could not run;
130 stopped by Ctrl-C.`;

export const COMPLETION_HELP = `
Examples:
  source <(crl completion bash)                             in ~/.bashrc
  crl completion zsh > ~/.zfunc/_crl                        in a folder of $fpath
  crl completion fish > ~/.config/fish/completions/crl.fish`;
