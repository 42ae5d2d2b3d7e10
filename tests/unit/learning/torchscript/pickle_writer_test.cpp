#include <catch2/catch.hpp>

#include "common/learning/torchscript/pickle_writer.hpp"
#include "tests/unit/learning/torchscript/hex.hpp"

using namespace fedgram::learning::torchscript;
using fedgram::test::hex;

namespace {

/// The opcodes of what `write` writes, between PROTO 2 and STOP.
template <class Write>
std::string pickled(const Write& write)
{
    PickleWriter pickle;
    write(pickle);
    const auto bytes = std::move(pickle).take();
    CHECK(bytes.starts_with("\x80\x02"));
    CHECK(bytes.ends_with("."));
    return bytes.substr(2, bytes.size() - 3);
}

}  // namespace

// Opcodes as Python's pickletools names them.
TEST_CASE("Plain values are pickled byte by byte")
{
    CHECK(hex(pickled([](auto& p) { p.boolean(true); })) == "88");                            // NEWTRUE
    CHECK(hex(pickled([](auto& p) { p.boolean(false); })) == "89");                           // NEWFALSE
    CHECK(hex(pickled([](auto& p) { p.integer(258); })) == "8a 08 02 01 00 00 00 00 00 00");  // LONG1
    CHECK(hex(pickled([](auto& p) { p.integer(-2); })) == "8a 08 fe ff ff ff ff ff ff ff");
    CHECK(hex(pickled([](auto& p) { p.integer(0x200000000); })) == "8a 08 00 00 00 00 02 00 00 00");
    CHECK(hex(pickled([](auto& p) { p.string("ab"); })) == "58 02 00 00 00 61 62");                  // BINUNICODE
    CHECK(pickled([](auto& p) { p.global("torch", "FloatStorage"); }) == "ctorch\nFloatStorage\n");  // GLOBAL
}

TEST_CASE("Values that hold others are pickled around them")
{
    CHECK(pickled([](auto& p) { p.tuple([] {}); }) == "(t");  // MARK TUPLE
    CHECK(pickled([](auto& p) { p.tuple([&] { p.boolean(true), p.boolean(false); }); }) == "(\x88\x89t");
    CHECK(pickled([](auto& p) {
              p.call([&] {
                  p.global("m", "f");
                  p.tuple([] {});
              });
          }) == "cm\nf\n(tR");                                                           // REDUCE
    CHECK(pickled([](auto& p) { p.persistent([&] { p.boolean(true); }); }) == "\x88Q");  // BINPERSID
    // GLOBAL EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK BINUNICODE NEWTRUE SETITEMS BUILD
    CHECK(hex(pickled([](auto& p) {
              p.object("m", "C", [&] {
                  p.string("");
                  p.boolean(true);
              });
          })) == "63 6d 0a 43 0a 29 81 7d 28 58 00 00 00 00 88 75 62");
}
