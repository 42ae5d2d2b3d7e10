#include "common/tensorboard/event_file.hpp"

#include <catch2/catch.hpp>

#include "common/tensorboard/crc32c.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using tensorboard::crc32c;

// RFC 3720, appendix B.4.
TEST_CASE("CRC-32C has the values of iSCSI's examples", "[tensorboard]")
{
    std::string ascending;
    for (char byte = 0; byte < 32; ++byte) ascending += byte;
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
    CHECK(crc32c(ascending) == 0x46dd794e);
    CHECK(crc32c(std::string{ascending.rbegin(), ascending.rend()}) == 0x113fdb5c);
    CHECK(crc32c("") == 0);
}

// By hand: 0x8a9136aa turned by 15 bits is 0x6d551522, and with 0xa282ead8 0x10fd7fffa, of which 32 bits stay.
TEST_CASE("A record's checksum is turned and shifted", "[tensorboard]")
{
    CHECK(tensorboard::masked_crc32c(std::string(32, '\0')) == 0x0fd7fffa);
}

TEST_CASE("A record is its length, the bytes, and a checksum of each", "[tensorboard]")
{
    const auto record = tensorboard::record("abc");
    REQUIRE(record.size() == 8 + 4 + 3 + 4);
    CHECK(record.substr(0, 8) == std::string("\x03\0\0\0\0\0\0\0", 8));
    CHECK(record.substr(12, 3) == "abc");
    const auto little_endian = [&](std::size_t at) {
        std::uint32_t number = 0;
        for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(record[at + i]);
        return number;
    };
    CHECK(little_endian(8) == tensorboard::masked_crc32c(record.substr(0, 8)));
    CHECK(little_endian(15) == tensorboard::masked_crc32c("abc"));
}

// By hand, after Protocol Buffers' encoding: field 1 (a double) is key 09, field 2 (a number) 10, field 3 (a text) 1a,
// field 5 (a message) 2a; in it field 1 is 0a, and in a value field 1 (a text) is 0a and field 2 (a float) 15.
TEST_CASE("A scalar of 0 is in its record", "[tensorboard]")
{
    const test::TemporaryFolder folder;
    {
        tensorboard::EventFile file{folder / "events", 2.0};
        const tensorboard::Scalar scalar{"a", 0};
        file.add(1, 2.0, {&scalar, 1});
    }
    CHECK_THAT(test::read_file(folder / "events"),
               Catch::EndsWith(tensorboard::record(std::string("\x09\0\0\0\0\0\0\0\x40", 9) + "\x10\x01" + "\x2a\x0a" +
                                                   "\x0a\x08" + "\x0a\x01" + "a" + std::string("\x15\0\0\0\0", 5))));
}

TEST_CASE("An event file begins with its version, and has a record for each step", "[tensorboard]")
{
    const test::TemporaryFolder folder;
    {
        tensorboard::EventFile file{folder / "events", 2.0};
        const tensorboard::Scalar scalar{"a/b", 0.5};
        file.add(3, 4.0, {&scalar, 1});
    }
    const std::string version = std::string("\x09\0\0\0\0\0\0\0\x40", 9) + "\x1a\x0d" + "brain.Event:2";
    const std::string step = std::string("\x09\0\0\0\0\0\0\x10\x40", 9) + "\x10\x03" + "\x2a\x0c" + "\x0a\x0a" +
                             "\x0a\x03" + "a/b" + std::string("\x15\0\0\0\x3f", 5);
    CHECK(test::read_file(folder / "events") == tensorboard::record(version) + tensorboard::record(step));
}
