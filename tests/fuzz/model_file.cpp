// A reduced model's file, and the model that it holds: as it is, and with the checksums that it needs, so that
// mutations come further than those.

#include "common/learning/model_file/model_file.hpp"

#include <zlib.h>

#include <cstdint>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

// A model of few parameters: a larger one is as many zeros as its layers say, whatever its tensors are.
void check_model(const learning::ModelFile& file)
{
    fuzz::allow_refusal<Error>([&] {
        if (learning::build_model(file.model, file.shape).parameters.size > 100'000) return;
        const auto written = learning::encode(learning::stored_model(learning::restored(file)));
        const auto again = learning::restored(learning::decode_model_file(written, "again"));
        fuzz::require(learning::encode(learning::stored_model(again)) == written,
                      "a model that is restored is written as it was");
    });
}

void check(const std::string& bytes)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto file = learning::decode_model_file(bytes, "x.model");
        const auto written = learning::encode(file);
        fuzz::require(learning::file_bytes(file) == written.size(), "a file's size is known before it is written");
        fuzz::require(learning::encode(learning::decode_model_file(written, "again")) == written,
                      "a model that is written reads back equal");
        check_model(file);
    });
}

/// A place in a file's bytes, which stays at their end once it comes there.
class Walk {
public:
    explicit Walk(std::string& bytes) : bytes_{bytes} {}

    void pass(std::uint64_t count) { next_ = count < bytes_.size() - next_ ? next_ + count : bytes_.size(); }

    std::uint64_t number(std::size_t width)
    {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width && next_ < bytes_.size(); ++i)
            value |= std::uint64_t{static_cast<unsigned char>(bytes_[next_++])} << 8 * i;
        return value;
    }

    /// Puts the checksum here of what stands from `begin` on.
    void mend(std::size_t begin)
    {
        const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes_.data() + begin), next_ - begin);
        for (std::size_t i = 0; i < 4 && next_ < bytes_.size(); ++i)
            bytes_[next_++] = static_cast<char>(sum >> 8 * i & 0xff);
    }

    [[nodiscard]] std::size_t place() const { return next_; }
    [[nodiscard]] bool is_at_end() const { return next_ == bytes_.size(); }

private:
    std::string& bytes_;
    std::size_t next_ = 0;
};

std::string mended(std::string bytes)
{
    Walk walk{bytes};
    walk.pass(12);
    walk.pass(walk.number(4));
    walk.mend(0);
    while (!walk.is_at_end()) {
        const auto begin = walk.place();
        walk.pass(walk.number(2));
        walk.pass(walk.number(1));
        walk.pass(4 * walk.number(1));
        walk.pass(walk.number(8));
        walk.mend(begin);
    }
    return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes{fuzz::text_of(data, size)};
    check(bytes);
    check(mended(bytes));
    return 0;
}
