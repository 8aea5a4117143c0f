# Debian 12 packages: what `make` installs where it is missing.
PACKAGES := binaryen clang clang-format gcc git lld libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 libclang-rt-14-dev \
  libclang-rt-dev-wasm32 libcmocka-dev libgit2-dev libjansson-dev libseccomp-dev libsodium-dev libstd-rust-dev-wasm32 \
  make rustc wabt wasi-libc
