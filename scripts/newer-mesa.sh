#!/usr/bin/env bash
# scripts/newer-mesa.sh: makes .cache/mesa, with a lavapipe that has subgroup matrices and a Node that can load it, on a
# Debian whose own Mesa has none. Nothing is installed: packages of trixie and its backports, from the mirror that this
# machine uses, are unpacked there, and a copy of Node is told to start with their loader. Prints the folder. For tests:
# PHIELD_MESA=$(scripts/newer-mesa.sh) npm test -- --only kernels
set -euo pipefail
dir=$(realpath "$(dirname "$0")/..")/.cache/mesa
suite=trixie

if [ ! -e "$dir/made" ]; then
  # Of the lists that the last apt-get update brought.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sort -u | sed -n 1p)
  rm -rf "$dir"
  mkdir -p "$dir"/apt/{lists,cache/archives}/partial "$dir/root"
  : >"$dir/apt/status" # As if nothing were installed: whatever Mesa needs comes with it.
  for release in $suite $suite-backports; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?no Debian mirror among the package sources: apt-get update brings their lists} $release main"
  done >"$dir/apt/sources.list"
  options=(-qq -o "Dir::Etc::SourceList=$dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State=$dir/apt"
    -o "Dir::State::Status=$dir/apt/status" -o "Dir::Cache=$dir/apt/cache" -o Acquire::Languages=none
    -o "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false" -o APT::Sandbox::User=root)
  {
    apt-get "${options[@]}" update
    apt-get "${options[@]}" install --yes --download-only --no-install-recommends -t $suite-backports \
      mesa-vulkan-drivers libvulkan1 libstdc++6 patchelf
  } >&2
  for package in "$dir"/apt/cache/archives/*.deb; do dpkg-deb --extract "$package" "$dir/root"; done
  rm -rf "$dir/apt"
  ln -s "$(echo "$dir"/root/usr/lib/*-linux-gnu)" "$dir/lib"
  ln -s "$dir/root/usr/share/vulkan/icd.d/lvp_icd.json" "$dir/lvp_icd.json"
  loader=$(echo "$dir"/lib/ld-linux-*.so.*)
  cp "$(node -p process.execPath)" "$dir/node"
  "$loader" --library-path "$dir/lib" "$dir/root/usr/bin/patchelf" --set-interpreter "$loader" "$dir/node"
  LD_LIBRARY_PATH="$dir/lib" "$dir/node" --version >/dev/null
  touch "$dir/made"
fi
echo "$dir"
