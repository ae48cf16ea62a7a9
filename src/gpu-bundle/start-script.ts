/**
 * The script that starts the bundled command line.
 *
 * @module
 */

/** `start.sh`, in POSIX shell; it can be run from any folder. */
export const START_SCRIPT = `#!/bin/sh
# Runs the command line of class-rectification, ./start.sh verify --engine webgpu, or times a training
# step's loss, ./start.sh bench.
# Only the GPU's driver must be installed.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

# The machine's own libraries come first; those in lib/ replace missing ones.
system=
for folder in /usr/local/nvidia/lib64 /usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu \\
  /usr/lib/aarch64-linux-gnu /lib/aarch64-linux-gnu /usr/lib64 /lib64; do
  if [ -d "$folder" ]; then system="$system$folder:"; fi
done
LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$system$here/lib"
export LD_LIBRARY_PATH

# Containers put NVIDIA's driver file where Vulkan does not look.
elsewhere=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES" ] && [ -f "$elsewhere" ]; then
  VK_ICD_FILENAMES=$elsewhere
  export VK_ICD_FILENAMES
fi

program=crl
if [ "$1" = bench ]; then
  program=bench
  shift
fi
exec "$here/node" "$here/$program.mjs" "$@"
`;
