#!/bin/sh
# The compiler's launcher, as `ccache.sh CCACHE COMPILER ARGUMENT...`: ccache, set up for a checkout that lies anywhere.
#
# Paths below the checkout are hashed relative to the build folder, so that a second clone profits from the first. What is
# lax about time and macros is what ccache asks for with precompiled headers; no source of ours prints its time. Beside
# each precompiled header stands its checksum: without it ccache reads 100 MB for each source that uses the header.
export CCACHE_BASEDIR="${0%/common/precompiled/*}" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros \
    CCACHE_PCH_EXTSUM=1
"$@" || exit
for argument; do
    case $argument in
    *.gch) sha256sum <"$argument" >"$argument.sum" || exit ;;
    esac
done
