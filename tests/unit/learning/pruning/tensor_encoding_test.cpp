#include "common/learning/pruning/tensor_encoding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/codec/kept_indices.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Bytes = std::vector<std::byte>;
using Values = std::vector<float>;

/// `count` of them aren't 0.
Values random_values(Stream& random, std::uint32_t size, std::uint32_t count)
{
    Values values(size);
    for (const auto index : random_indices(random, count, size)) values[index] = static_cast<float>(random.normal());
    return values;
}

bool same_bits(const Values& a, const Values& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), 4 * a.size()) == 0;
}

Bytes bytes_of(std::initializer_list<unsigned> bytes, const Values& values)
{
    Bytes result;
    for (const auto byte : bytes) result.push_back(static_cast<std::byte>(byte));
    const auto raw = std::as_bytes(std::span{values});
    result.insert(result.end(), raw.begin(), raw.end());
    return result;
}

std::string error_of(TensorForm form, const Bytes& bytes, std::size_t size, std::size_t rows)
{
    try {
        static_cast<void>(decoded(form, bytes, size, rows));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

using enum TensorForm;

}  // namespace

TEST_CASE("each form's bytes, by hand", "[pruning]")
{
    // Two rows of five, 7 is behind 3 zeros, 8 behind 5.
    const Values values{0, 0, 0, 7, 0, 0, 0, 0, 0, 8};
    CHECK(encoded(dense, values, 2) == bytes_of({}, values));
    CHECK(encoded(bitmap, values, 2) == bytes_of({0b00001000, 0b10}, {7, 8}));
    CHECK(encoded(csr_16, values, 2) == bytes_of({0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0}, {7, 8}));
    CHECK(encoded(csr_32, values, 2) == bytes_of({0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0}, {7, 8}));
    CHECK(encoded(relative_4, values, 2) == bytes_of({2, 0, 0, 0, 0x53}, {7, 8}));
    CHECK(encoded(relative_5, values, 2) == bytes_of({2, 0, 0, 0, 0b10100011, 0}, {7, 8}));
    CHECK(encoded(relative_8, values, 2) == bytes_of({2, 0, 0, 0, 3, 5}, {7, 8}));
}

TEST_CASE("codes and halves take their own width in each form, by hand", "[pruning]")
{
    const std::vector<std::int8_t> codes{0, 0, 0, 7, 0, 0, 0, 0, 0, -8};
    CHECK(encoded(dense, codes, 2) == bytes_of({0, 0, 0, 7, 0, 0, 0, 0, 0, 0xf8}, {}));
    CHECK(encoded(bitmap, codes, 2) == bytes_of({0b00001000, 0b10, 7, 0xf8}, {}));
    CHECK(encoded(csr_16, codes, 2) == bytes_of({0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 7, 0xf8}, {}));
    CHECK(encoded(relative_4, codes, 2) == bytes_of({2, 0, 0, 0, 0x53, 7, 0xf8}, {}));
    CHECK(decoded<std::int8_t>(relative_4, encoded(relative_4, codes, 2), 10, 2) == codes);
    // 0x3c00 is 1 in fp16, 0x8000 is -0, which is stored.
    const std::vector<std::uint16_t> halves{0, 0x3c00, 0, 0x8000};
    CHECK(encoded(bitmap, halves, 1) == bytes_of({0b1010, 0, 0x3c, 0, 0x80}, {}));
    CHECK(encoded(relative_8, halves, 1) == bytes_of({2, 0, 0, 0, 1, 1, 0, 0x3c, 0, 0x80}, {}));
    CHECK(decoded<std::uint16_t>(bitmap, encoded(bitmap, halves, 1), 4, 1) == halves);
}

TEST_CASE("a narrow value makes a map dear, and the smallest form another", "[pruning]")
{
    // At 60 % zeros, of 1,000: a map takes 125 bytes and the values 400 x w; it saves 3/5 of float32 less 1/32, of
    // codes less 1/8. At 5 % it saves of float32 50 x 4 - 125 bytes, of codes nothing.
    Stream random{3, Purpose::probe};
    const auto with_zeros = [&](std::uint32_t zeros) {
        const auto floats = random_values(random, 1000, 1000 - zeros);
        std::vector<std::int8_t> codes(1000);
        std::ranges::transform(floats, codes.begin(), [](float value) { return value == 0 ? 0 : 5; });
        return std::pair{floats, codes};
    };
    const auto [many, many_codes] = with_zeros(600);
    CHECK(smallest_form(many, 10).bytes == 125 + 400 * 4);
    CHECK(smallest_form(many_codes, 10).bytes == 125 + 400);
    const auto [few, few_codes] = with_zeros(50);
    CHECK(smallest_form(few, 10).form == bitmap);
    CHECK(smallest_form(few_codes, 10).form == dense);
}

TEST_CASE("a gap that the bits can't say is filled by zeros", "[pruning]")
{
    // Four bits say up to 15 zeros. With 16 a filler stands for all of them, with 33 two stand for 32.
    const auto behind = [](std::size_t zeros) {
        Values values(zeros + 3);
        values[zeros] = 9;
        return values;
    };
    CHECK(encoded(relative_4, behind(15), 1) == bytes_of({1, 0, 0, 0, 0x0f}, {9}));
    CHECK(encoded(relative_4, behind(16), 1) == bytes_of({2, 0, 0, 0, 0x0f}, {0, 9}));
    CHECK(encoded(relative_4, behind(33), 1) == bytes_of({3, 0, 0, 0, 0xff, 0x01}, {0, 0, 9}));
    CHECK(encoded(relative_8, behind(256), 1) == bytes_of({2, 0, 0, 0, 0xff, 0}, {0, 9}));
    for (const std::size_t zeros : {15U, 16U, 33U})
        CHECK(decoded(relative_4, encoded(relative_4, behind(zeros), 1), zeros + 3, 1) == behind(zeros));
    CHECK(encoded(relative_4, Values(100), 1) == bytes_of({0, 0, 0, 0}, {}));
}

TEST_CASE("what is decoded has the same bits, and what is encoded the bytes that were foretold", "[pruning]")
{
    Stream random{11, Purpose::probe};
    for (int trial = 0; trial < 200; ++trial) {
        const auto rows = 1 + random.below(6);
        const auto size = static_cast<std::uint32_t>(rows * (1 + random.below(400)));
        const auto count = static_cast<std::uint32_t>(random.below(trial % 2 == 0 ? size + 1 : size / 50 + 1));
        auto values = random_values(random, size, std::max(1U, count));
        if (count == 0) std::ranges::fill(values, 0.0F);
        constexpr float odd[]{-0.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::denorm_min()};
        if (trial % 3 == 0) values[random.below(size)] = odd[random.below(4)];
        for (const auto form : tensor_forms) {
            CAPTURE(name_of(form), size, rows);
            const auto bytes = encoded(form, values, rows);
            REQUIRE(encoded_bytes(form, values, rows) == bytes.size());
            REQUIRE(same_bits(decoded(form, bytes, size, rows), values));
        }
        const auto smallest = smallest_encoding(values, rows);
        for (const auto form : tensor_forms) REQUIRE(smallest.bytes.size() <= *encoded_bytes(form, values, rows));
        REQUIRE(same_bits(decoded(smallest.form, smallest.bytes, size, rows), values));
    }
}

TEST_CASE("codes and halves come back from each form, and damaged ones are refused or another's only bytes",
          "[pruning]")
{
    const auto check = [](auto value) {
        using Value = decltype(value);
        Stream random{23, Purpose::probe};
        int refused = 0;
        for (int trial = 0; trial < 500; ++trial) {
            const auto form = tensor_forms[random.below(tensor_forms.size())];
            const auto rows = 1 + random.below(4);
            const auto size = static_cast<std::uint32_t>(rows * (1 + random.below(300)));
            std::vector<Value> values(size);
            for (const auto index :
                 random_indices(random, static_cast<std::uint32_t>(random.below(size / (1 + trial % 20) + 1)), size))
                values[index] = static_cast<Value>(1 + random.below(127));
            CAPTURE(name_of(form), size, rows, sizeof(Value));
            auto bytes = encoded(form, values, rows);
            REQUIRE(encoded_bytes(form, values, rows) == bytes.size());
            REQUIRE(decoded<Value>(form, bytes, size, rows) == values);
            REQUIRE(smallest_form(values, rows).bytes == smallest_encoding(values, rows).bytes.size());
            REQUIRE(smallest_form(values, rows).bytes <= bytes.size());
            if (bytes.empty()) continue;
            bytes[random.below(bytes.size())] ^= std::byte{1} << random.below(8);
            try {
                const auto read = decoded<Value>(form, bytes, size, rows);
                REQUIRE(encoded(form, read, rows) == bytes);
            } catch (const DataError&) {
                ++refused;
            }
        }
        CHECK(refused > 50);
        CHECK(refused < 450);
    };
    check(std::int8_t{});
    check(std::uint16_t{});
}

TEST_CASE("a linear layer of 784 x 300 takes what theory says, by sparsity", "[pruning]")
{
    // Of dense, for a random mask: CSR 2a + n + 1 numbers; a bitmap 1/32 more than the values; with i bits a share of
    // (1 - d)^(2^i) of the gaps needs one filler more, so that a value takes (32 + i) / (1 - (1 - d)^(2^i)) bits.
    struct Row {
        double sparsity;
        TensorForm smallest;
        std::string csr_32, csr_16, bitmap, relative_4, relative_5, relative_8;  // in so many digits
    };
    const auto row = GENERATE(Row{.50, bitmap, "1.00", "0.75", "0.53", "0.56", "0.58", "0.63"},
                              Row{.80, bitmap, "0.40", "0.30", "0.231", "0.232", "0.231", "0.25"},
                              Row{.90, relative_5, "0.20", "0.15", "0.131", "0.138", "0.120", "0.125"},
                              Row{.95, relative_8, "0.10", "0.076", "0.081", "0.100", "0.072", "0.063"},
                              Row{.99, relative_8, "0.021", "0.016", "0.041", "0.076", "0.042", "0.014"});
    constexpr std::uint32_t size = 784 * 300;
    Stream random{2, Purpose::probe};
    const auto count = static_cast<std::uint32_t>(std::lround((1 - row.sparsity) * size));
    const auto values = random_values(random, size, count);
    const auto check = [&](TensorForm form, const std::string& printed) {
        CAPTURE(name_of(form), row.sparsity);
        const auto share = static_cast<double>(*encoded_bytes(form, values, 300)) / (4. * size);
        const auto digits = static_cast<double>(printed.size() - 2);
        constexpr double chance = .0004;  // three times what 11,760 gaps spread, by 31 fillers of 36 bits
        CHECK(std::abs(share - std::stod(printed)) < .5 * std::pow(10, -digits) + chance);
    };
    check(csr_32, row.csr_32);
    check(csr_16, row.csr_16);
    check(bitmap, row.bitmap);
    check(relative_4, row.relative_4);
    check(relative_5, row.relative_5);
    check(relative_8, row.relative_8);
    CHECK(smallest_encoding(values, 300).form == row.smallest);
}

TEST_CASE("below half the weights pruned, CSR with 32 bits is larger than dense", "[pruning]")
{
    constexpr std::uint32_t size = 784 * 300;
    Stream random{2, Purpose::probe};
    CHECK(encoded_bytes(csr_32, random_values(random, size, size * 6 / 10), 300) > 4 * size);
    CHECK(encoded_bytes(csr_32, random_values(random, size, size / 2), 300) == 4 * size + 4 * 301);
    CHECK(encoded_bytes(csr_32, random_values(random, size, size * 4 / 10), 300) < 4 * size);
    CHECK(smallest_encoding(random_values(random, size, size), 300).form == dense);
}

TEST_CASE("16 bits can't tell more than 65,536 columns apart", "[pruning]")
{
    Values values(2 * 65'536);
    values.back() = 1;
    CHECK(encoded_bytes(csr_16, values, 2) == 4 * 3 + 6);
    CHECK(same_bits(decoded(csr_16, encoded(csr_16, values, 2), values.size(), 2), values));
    CHECK_FALSE(encoded_bytes(csr_16, values, 1));
    CHECK(smallest_encoding(values, 1).form == csr_32);
    CHECK(error_of(csr_16, {}, values.size(), 1) == "is in the form csr-16, which can't hold 131072 columns");
}

TEST_CASE("bytes that are cut off, out of range or too many are refused", "[pruning]")
{
    CHECK(error_of(dense, bytes_of({}, {1}), 2, 1) == "has 4 bytes of values; they must be 8");
    CHECK(error_of(bitmap, {}, 3, 1) == "ends within its codes, after 0 bytes of them");
    CHECK(error_of(bitmap, bytes_of({0b101}, {1}), 3, 1) == "has 4 bytes of values; they must be 8");
    CHECK(error_of(bitmap, bytes_of({0b1001}, {1}), 3, 1) == "has a bit that is no 0 behind its last code");
    CHECK(error_of(bitmap, bytes_of({0b101}, {1, 0}), 3, 1) == "has a 0 as value 1; what is 0 must not be stored");
    const auto csr = [](unsigned begin, unsigned middle, unsigned end, unsigned first, unsigned second) {
        return error_of(csr_16, bytes_of({begin, 0, 0, 0, middle, 0, 0, 0, end, 0, 0, 0, first, 0, second, 0}, {7, 8}),
                        10, 2);
    };
    CHECK(csr(0, 2, 2, 3, 4) == "no error");
    CHECK(csr(1, 1, 2, 3, 4) == "has a row that begins at value 1, but row 0 can begin at 0 only");
    CHECK(csr(0, 3, 2, 3, 4) == "has a row that begins at value 2, but row 2 can begin from 3 to 10");
    CHECK(csr(0, 1, 11, 3, 4) == "has a row that begins at value 11, but row 2 can begin from 1 to 10");
    CHECK(csr(0, 2, 2, 3, 5) == "has a value of row 0 in column 5; it can be in 4 to 4");
    CHECK(csr(0, 2, 2, 3, 3) == "has a value of row 0 in column 3; it can be in 4 to 4");
    CHECK(csr(0, 1, 1, 3, 4) == "has 10 bytes of values; they must be 4");
    CHECK(error_of(relative_8, bytes_of({3, 0, 0, 0}, {}), 2, 1) == "has 3 entries of 2 values");
    CHECK(error_of(relative_8, bytes_of({1, 0, 0, 0, 2}, {5}), 2, 1) ==
          "has an entry that is out of range: 2 of 2 values");
    CHECK(error_of(relative_8, bytes_of({2, 0, 0, 0, 0, 1}, {5}), 3, 1) == "has 4 bytes of values; they must be 8");
    CHECK(error_of(relative_4, bytes_of({2, 0, 0, 0, 0x0e}, {0, 5}), 20, 1) ==
          "has a 0 as entry 0; only one with the largest gap that isn't the last can be 0");
    CHECK(error_of(relative_4, bytes_of({1, 0, 0, 0, 0x0f}, {0}), 20, 1) ==
          "has a 0 as entry 0; only one with the largest gap that isn't the last can be 0");
}

TEST_CASE("damaged bytes are refused, or are the only encoding of another tensor of the same size", "[pruning]")
{
    Stream random{17, Purpose::probe};
    std::size_t refused = 0;
    std::size_t taken = 0;
    for (int trial = 0; trial < 4000; ++trial) {
        const auto form = tensor_forms[random.below(tensor_forms.size())];
        const auto rows = 1 + random.below(4);
        const auto size = static_cast<std::uint32_t>(rows * (1 + random.below(60)));
        const auto values = random_values(random, size, static_cast<std::uint32_t>(1 + random.below(size)));
        auto bytes = encoded(form, values, rows);
        if (trial % 2 == 0)
            bytes.resize(random.below(bytes.size()));
        else
            for (auto flips = 1 + random.below(3); flips > 0; --flips)
                bytes[random.below(bytes.size())] ^= std::byte{1} << random.below(8);
        CAPTURE(name_of(form), size, rows);
        try {
            const auto read = decoded(form, bytes, size, rows);
            REQUIRE(trial % 2 == 1);  // a cut is always found
            REQUIRE(read.size() == size);
            REQUIRE(encoded(form, read, rows) == bytes);
            ++taken;
        } catch (const DataError& error) {
            REQUIRE(std::string{error.what()}.find('\n') == std::string::npos);
            ++refused;
        }
    }
    CHECK(refused > 2000);
    CHECK(taken > 500);
}
