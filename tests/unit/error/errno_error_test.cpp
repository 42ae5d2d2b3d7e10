#include "common/error/errno_error.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

using namespace fedgram;

TEST_CASE("An error of the system says what was wanted and why it failed", "[error]")
{
    errno = ENOSPC;
    CHECK(std::string{errno_error("ledger.jsonl can't be written").what()} ==
          "ledger.jsonl can't be written: No space left on device");
}
