#include <catch2/catch.hpp>

#include "common/learning/torchscript/stored_zip.hpp"
#include "tests/unit/learning/torchscript/hex.hpp"

using namespace fedgram::learning::torchscript;
using fedgram::test::hex;

TEST_CASE("A zip of one stored entry is what APPNOTE.TXT says, byte by byte")
{
    std::string archive;
    StoredZip zip{[&](std::string_view bytes) { archive += bytes; }};
    zip.add("a/b", "123456789");  // of CRC-32 cbf43926, the usual check value
    zip.finish();

    CHECK(hex(archive.substr(0, 73)) ==
          "50 4b 03 04 2d 00 00 08 00 00 00 00 21 00 "        // header, version 4.5, UTF-8, stored, 1980-01-01
          "26 39 f4 cb ff ff ff ff ff ff ff ff 03 00 1f 00 "  // CRC, sizes: see the extra field; lengths 3 and 31
          "61 2f 62 "                                         // a/b
          "01 00 10 00 09 00 00 00 00 00 00 00 09 00 00 00 00 00 00 00 "  // 64-bit sizes
          "46 42 07 00 5a 5a 5a 5a 5a 5a 5a "                             // padding, to byte 64
          "31 32 33 34 35 36 37 38 39");
    CHECK(hex(archive.substr(73, 77)) ==
          "50 4b 01 02 2d 00 2d 00 00 08 00 00 00 00 21 00 26 39 f4 cb ff ff ff ff ff ff ff ff 03 00 1c 00 00 00 "
          "00 00 00 00 00 00 00 00 ff ff ff ff 61 2f 62 "
          "01 00 18 00 09 00 00 00 00 00 00 00 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");  // sizes, offset 0
    CHECK(hex(archive.substr(150)) ==
          "50 4b 06 06 2c 00 00 00 00 00 00 00 2d 00 2d 00 00 00 00 00 00 00 00 00 "
          "01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 "              // one entry here, one in all
          "4d 00 00 00 00 00 00 00 49 00 00 00 00 00 00 00 "              // 77 bytes of contents at 73
          "50 4b 06 07 00 00 00 00 96 00 00 00 00 00 00 00 01 00 00 00 "  // the record above is at 150
          "50 4b 05 06 00 00 00 00 ff ff ff ff ff ff ff ff ff ff ff ff 00 00");
}

TEST_CASE("Each entry of a stored zip begins at a multiple of 64 bytes, whatever the names' and contents' lengths")
{
    std::string archive;
    StoredZip zip{[&](std::string_view bytes) { archive += bytes; }};
    for (std::size_t length = 1; length <= 130; ++length) {
        const std::string content = "<" + std::string(length, 'c') + ">";
        zip.add(std::string(length, 'n'), content);
        CHECK((archive.size() - content.size()) % 64 == 0);
        CHECK(archive.ends_with(content));
    }
    zip.add("empty", "");
    CHECK(archive.size() % 64 == 0);
}
