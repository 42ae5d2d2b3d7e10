#include "common/error/context.hpp"

#include <catch2/catch.hpp>

#include <new>
#include <string>
#include <type_traits>

using namespace fedgram;

namespace {

template <class Thrown>
std::string text_of(const Thrown& error)
{
    try {
        with_context("spec.json", [&] { throw error; });
    } catch (const Thrown& arrived) {
        return arrived.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("An error says where it happened, and keeps its type", "[error]")
{
    CHECK(text_of(SpecError{"seed: -1"}) == "spec.json: seed: -1");
    CHECK(text_of(DataError{"cut short"}) == "spec.json: cut short");
    CHECK(text_of(SystemError{"disk full"}) == "spec.json: disk full");
    CHECK(text_of(ProtocolError{"no frame"}) == "spec.json: no frame");
    CHECK(text_of(Timeout{}) == "spec.json: no answer before the deadline");
}

TEST_CASE("Contexts add up from the inside out", "[error]")
{
    const auto inner = [] { with_context("round 3", [] { throw DataError{"not finite"}; }); };
    CHECK_THROWS_WITH(with_context("rounds.jsonl", inner), "rounds.jsonl: round 3: not finite");
}

TEST_CASE("A way out comes behind the text", "[error]")
{
    const auto fail = [] { throw DataError{"cut short"}; };
    CHECK_THROWS_WITH(with_way_out("download it again", fail), "cut short; download it again");
    CHECK_THROWS_WITH(with_way_out("download it again", [&] { with_context("images.gz", fail); }),
                      "images.gz: cut short; download it again");
}

TEST_CASE("With a type given, errors of other types pass unchanged", "[error]")
{
    CHECK_THROWS_WITH(with_context<SpecError>("spec.json", [] { throw SpecError{"seed: -1"}; }), "spec.json: seed: -1");
    CHECK_THROWS_WITH(with_context<SpecError>("spec.json", [] { throw DataError{"cut short"}; }), "cut short");
}

TEST_CASE("An exception that is none of ours passes unchanged", "[error]")
{
    CHECK_THROWS_AS(with_context("here", [] { throw std::bad_alloc{}; }), std::bad_alloc);
    CHECK(text_of(std::out_of_range{"index"}) == "index");
    CHECK_THROWS_WITH(with_context<DataError>("here", [] { throw SpecError{"seed"}; }), "seed");
}

TEST_CASE("What a function returns comes back as it was, a reference too", "[error]")
{
    int number = 4;
    CHECK(with_context("here", [] { return 3; }) == 3);
    static_assert(std::is_same_v<decltype(with_context("", [&]() -> int& { return number; })), int&>);
    with_context("here", [&]() -> int& { return number; }) = 5;
    CHECK(number == 5);
    with_context("here", [] {});
}

TEST_CASE("Context stands in front of each of several mistakes")
{
    CHECK_THROWS_WITH(with_context("data.json", [] { throw SpecErrors{"seed: -1\nname: is missing"}; }),
                      "data.json: seed: -1\ndata.json: name: is missing");
}
