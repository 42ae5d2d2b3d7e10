#include "common/learning/torchscript/stored_parameters.hpp"

#include <zlib.h>

#include <bit>
#include <cstring>
#include <string>
#include <string_view>

#include "common/error/error.hpp"
#include "common/files/files.hpp"

namespace fedgram::learning::torchscript {

namespace {

static_assert(std::endian::native == std::endian::little, "tensors are read as they lie in the file");

// Of StoredZip's local headers: where these fields lie, and how much stands before the name.
constexpr std::size_t crc_at = 14;
constexpr std::size_t name_length_at = 26;
constexpr std::size_t extra_length_at = 28;
constexpr std::size_t fixed_part = 30;
constexpr std::string_view signature{"PK\x03\x04", 4};

// Goes through the archive's entries from its beginning.
class Entries {
public:
    Entries(std::string_view archive, const std::filesystem::path& path) : rest_{archive}, path_{path} {}

    /// The content of the next entry, which must have this name, and so many bytes.
    std::string_view next(const std::string& name, std::size_t bytes)
    {
        const auto header = take(fixed_part);
        if (!header.starts_with(signature)) refuse("isn't a model that the native engine wrote");
        const auto own_name = take(number<std::uint16_t>(header, name_length_at));
        take(number<std::uint16_t>(header, extra_length_at));
        if (own_name != name) refuse("isn't a model of these layers that the native engine wrote");
        const auto content = take(bytes);
        const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
        if (crc != number<std::uint32_t>(header, crc_at)) refuse("is damaged, or the model of other layers");
        return content;
    }

private:
    template <class T>
    static T number(std::string_view header, std::size_t at)
    {
        T value;
        std::memcpy(&value, header.data() + at, sizeof value);
        return value;
    }

    std::string_view take(std::size_t count)
    {
        if (count > rest_.size()) refuse("is cut off");
        const auto part = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return part;
    }

    [[noreturn]] void refuse(const char* what) const { throw DataError{path_.string() + ": " + what}; }

    std::string_view rest_;
    const std::filesystem::path& path_;
};

}  // namespace

std::vector<float> stored_parameters(const Model& model, const std::filesystem::path& path)
{
    const auto archive = files::read_file(path);
    Entries entries{archive, path};
    std::vector<float> parameters(model.parameters.size);
    const auto& slots = model.parameters.slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto content = entries.next("model/data/" + std::to_string(i), slots[i].size * sizeof(float));
        std::memcpy(parameters.data() + slots[i].offset, content.data(), content.size());
    }
    return parameters;
}

}  // namespace fedgram::learning::torchscript
