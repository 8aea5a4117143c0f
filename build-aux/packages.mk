# Debian 12 packages: what `make` installs where it is missing.
PACKAGES := binaryen clang clang-format gcc git lld libclang-rt-14-dev libclang-rt-dev-wasm32 libcmocka-dev \
  libgit2-dev libjansson-dev libseccomp-dev libsodium-dev make wabt wasi-libc
