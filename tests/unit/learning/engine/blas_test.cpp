#include "common/learning/engine/blas.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace fedgram::learning;

TEST_CASE("The BLAS is the one that the process has mapped")
{
    std::istringstream maps{
        "7f00-7f01 r-xp 00000000 fe:00 1   /usr/lib/x86_64-linux-gnu/libgslcblas.so.0.0.0\n"
        "7f02-7f03 rw-p 00000000 00:00 0   [heap]\n"
        "7f04-7f05 rw-p 00000000 00:00 0\n"
        "7f06-7f07 r-xp 00000000 fe:00 3   /usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so\n"
        "7f08-7f09 r-xp 00000000 fe:00 2   /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3\n"};
    CHECK(blas_in_maps(maps) == "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3");
}

TEST_CASE("A BLAS under its own name counts too")
{
    std::istringstream maps{"7f00-7f01 r-xp 00000000 fe:00 1   /opt/lib/libopenblas.so.0\n"};
    CHECK(blas_in_maps(maps) == "/opt/lib/libopenblas.so.0");
}

TEST_CASE("A process without a BLAS has none")
{
    std::istringstream maps{"7f00-7f01 r-xp 00000000 fe:00 1   /usr/lib/x86_64-linux-gnu/libc.so.6\n"};
    CHECK(blas_in_maps(maps) == "none");
}

TEST_CASE("Debian's reference BLAS is told from the optimised ones")
{
    CHECK(is_reference_blas("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0"));
    CHECK_FALSE(is_reference_blas("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3"));
    CHECK_FALSE(is_reference_blas("/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.3"));
    CHECK_FALSE(is_reference_blas("none"));
}
