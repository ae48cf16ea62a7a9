/**
 * Unpacks what an installation needs of a wheel and of npm's archives. Python does it: it is needed anyway, and
 * reads both kinds of archive.
 *
 * @module
 */
import { runOrRefuse } from './programs.js';

/** Of TensorFlow's wheel: the two libraries, and the headers of the C interface. */
const WHEEL_PROGRAM = `
import os, re, shutil, sys, zipfile
archive, folder = sys.argv[1:]
library = re.compile(r'tensorflow/(libtensorflow_(?:cc|framework)\\.so\\.2)')
header = re.compile(r'tensorflow/include/((?:tensorflow/c/|tsl/c/|xla/tsl/c/|.*ctstring).*\\.h)')
with zipfile.ZipFile(archive) as wheel:
    for entry in wheel.infolist():
        for pattern, place in ((library, 'lib'), (header, 'include')):
            found = pattern.fullmatch(entry.filename)
            if found:
                path = os.path.join(folder, place, found[1])
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with wheel.open(entry) as source, open(path, 'wb') as target:
                    shutil.copyfileobj(source, target, 1 << 20)
`;

/** Of a wheel of NVIDIA: all that runs. TensorFlow looks for it in `nvidia` beside the folder of its libraries. */
const CUDA_PROGRAM = `
import os, re, shutil, sys, zipfile
archive, folder = sys.argv[1:]
unused = re.compile(r'.*(/include/.*|\\.a|\\.h|\\.py|/)')
with zipfile.ZipFile(archive) as wheel:
    for entry in wheel.infolist():
        if entry.filename.startswith('nvidia/') and '..' not in entry.filename and not unused.fullmatch(entry.filename):
            path = os.path.join(folder, entry.filename)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with wheel.open(entry) as source, open(path, 'wb') as target:
                shutil.copyfileobj(source, target, 1 << 20)
            if '/bin/' in entry.filename:
                os.chmod(path, 0o755)
`;

/** Of an npm archive: everything, without the folder that npm puts around it. */
const NPM_PROGRAM = `
import os, shutil, sys, tarfile
archive, folder = sys.argv[1:]
with tarfile.open(archive) as package:
    for entry in package:
        parts = entry.name.split('/')[1:]
        if entry.isfile() and parts and '..' not in parts:
            path = os.path.join(folder, *parts)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with package.extractfile(entry) as source, open(path, 'wb') as target:
                shutil.copyfileobj(source, target)
`;

/** Puts TensorFlow's libraries into `lib` of a folder, and its headers into `include`. */
export async function unpackWheel(python: string, wheel: string, folder: string): Promise<void> {
  await runOrRefuse(python, ['-c', WHEEL_PROGRAM, wheel, folder], `${wheel} could not be unpacked`);
}

/** Puts the libraries of a wheel of NVIDIA into `nvidia` of a folder. */
export async function unpackCuda(python: string, wheel: string, folder: string): Promise<void> {
  await runOrRefuse(python, ['-c', CUDA_PROGRAM, wheel, folder], `${wheel} could not be unpacked`);
}

/** Puts the files of an npm package into a folder. */
export async function unpackPackage(python: string, archive: string, folder: string): Promise<void> {
  await runOrRefuse(python, ['-c', NPM_PROGRAM, archive, folder], `${archive} could not be unpacked`);
}
