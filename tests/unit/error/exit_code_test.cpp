#include "common/error/exit_code.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string>

#include "common/error/error.hpp"
#include "common/error/spec_errors.hpp"

using namespace fedgram;

namespace {

struct Outcome {
    int code;
    std::string standard_error;
};

/// The exit code of a program that does `body`, and what it prints on standard error meanwhile.
template <class Body>
Outcome outcome_of(const Body& body)
{
    std::FILE* const capture = std::tmpfile();
    REQUIRE(capture != nullptr);
    std::fflush(stderr);
    const int saved = dup(STDERR_FILENO);
    dup2(fileno(capture), STDERR_FILENO);
    const int code = exit_code_of("fedgram", body);
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    std::rewind(capture);
    std::string text;
    for (int c = std::fgetc(capture); c != EOF; c = std::fgetc(capture)) text += static_cast<char>(c);
    std::fclose(capture);
    return {code, text};
}

template <class Exception>
int code_of(const Exception& exception)
{
    return outcome_of([&] { throw exception; }).code;
}

}  // namespace

TEST_CASE("The exit code tells who can put an error right", "[error]")
{
    CHECK(outcome_of([] {}).code == 0);
    CHECK(outcome_of([] { return 7; }).code == 7);
    CHECK(code_of(SpecError{"x"}) == 2);
    CHECK(code_of(DataError{"x"}) == 3);
    CHECK(code_of(ProtocolError{"x"}) == 4);
    CHECK(code_of(Timeout{}) == 4);
    CHECK(code_of(SystemError{"x"}) == 5);
    CHECK(code_of(Error{"x"}) == 1);
    CHECK(code_of(std::bad_alloc{}) == 5);
    CHECK(code_of(std::filesystem::filesystem_error{
              "status", "loop/x", std::make_error_code(std::errc::too_many_symbolic_link_levels)}) == 5);
}

TEST_CASE("A program stopped by a signal exits as a shell expects", "[error]")
{
    const auto by_interrupt = outcome_of([] { throw Interrupted{SIGINT}; });
    CHECK(by_interrupt.code == 130);
    CHECK(by_interrupt.standard_error.empty());
    CHECK(code_of(Interrupted{SIGTERM}) == 143);
}

TEST_CASE("An error is printed as one line, whatever its text", "[error]")
{
    CHECK(outcome_of([] { throw SpecError{"seed: -1; use 0 or more"}; }).standard_error ==
          "fedgram: seed: -1; use 0 or more\n");
    CHECK(outcome_of([] { throw DataError{"two\nlines"}; }).standard_error == "fedgram: two lines\n");
    CHECK(outcome_of([] {}).standard_error.empty());
    CHECK(outcome_of([] { throw std::bad_alloc{}; }).standard_error ==
          "fedgram: there is not enough memory; free some, raise ulimit -v, or use less data at once\n");
    CHECK(outcome_of([] { static_cast<void>(std::filesystem::file_size("no/such/file")); }).standard_error ==
          "fedgram: no/such/file: No such file or directory\n");
}

TEST_CASE("Several mistakes of a specification are a line each", "[error]")
{
    const auto outcome = outcome_of([] { throw SpecErrors{"seed: -1\nname: is missing"}; });
    CHECK(outcome.code == 2);
    CHECK(outcome.standard_error == "fedgram: seed: -1\nfedgram: name: is missing\n");
}
