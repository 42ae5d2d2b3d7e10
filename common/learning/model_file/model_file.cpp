#include "common/learning/model_file/model_file.hpp"

#include <zlib.h>

#include <cassert>
#include <concepts>
#include <limits>
#include <span>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/parse_model.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::learning {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view magic = "FDGMODL";
constexpr char newest_version = '1';

// The widths of the format's numbers.
using TensorCount = std::uint32_t;
using HeaderLength = std::uint32_t;
using NameLength = std::uint16_t;
using WordLength = std::uint8_t;
using Rank = std::uint8_t;
using ByteLength = std::uint64_t;
using Checksum = std::uint32_t;

Checksum checksum_of(std::string_view bytes)
{
    return static_cast<Checksum>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <std::unsigned_integral T>
void append(std::string& bytes, T number)
{
    for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> 8 * i & 0xff);
}

/// Of what stands from `begin` on.
void append_checksum(std::string& bytes, std::size_t begin)
{
    append(bytes, checksum_of(std::string_view{bytes}.substr(begin)));
}

std::string header_text(const ModelFile& file)
{
    ordered_json header;
    header["model"] = to_json(file.model);
    header["shape"] = {{"channels", file.shape.channels},
                       {"height", file.shape.height},
                       {"width", file.shape.width},
                       {"classes", file.shape.classes}};
    header["notes"] = file.notes;
    return header.dump();
}

std::size_t prefix_bytes() { return magic.size() + 1 + sizeof(TensorCount) + sizeof(HeaderLength); }

std::uint64_t record_bytes(const StoredTensor& tensor)
{
    return sizeof(NameLength) + tensor.name.size() + sizeof(WordLength) + tensor.encoding.size() + sizeof(Rank) +
           sizeof(std::uint32_t) * tensor.shape.size() + sizeof(ByteLength) + tensor.bytes.size() + sizeof(Checksum);
}

/// Before the tensors.
std::uint64_t head_bytes(std::string_view header) { return prefix_bytes() + header.size() + sizeof(Checksum); }

std::uint64_t file_bytes_with(std::string_view header, const ModelFile& file)
{
    auto bytes = head_bytes(header);
    for (const auto& tensor : file.tensors) bytes += record_bytes(tensor);
    return bytes;
}

template <std::unsigned_integral Length>
void check_length(const StoredTensor& tensor, std::size_t length, const char* what)
{
    constexpr auto most = std::numeric_limits<Length>::max();
    if (length > most)
        throw DataError{"tensor " + tensor.name.substr(0, 100) + ": its " + what + " is of " + std::to_string(length) +
                        ", more than the " + std::to_string(most) + " that a model file holds"};
}

void append_tensor(std::string& bytes, const StoredTensor& tensor)
{
    check_length<NameLength>(tensor, tensor.name.size(), "name");
    check_length<WordLength>(tensor, tensor.encoding.size(), "encoding's name");
    check_length<Rank>(tensor, tensor.shape.size(), "shape");
    const auto begin = bytes.size();
    append(bytes, static_cast<NameLength>(tensor.name.size()));
    bytes += tensor.name;
    append(bytes, static_cast<WordLength>(tensor.encoding.size()));
    bytes += tensor.encoding;
    append(bytes, static_cast<Rank>(tensor.shape.size()));
    for (const auto size : tensor.shape) append(bytes, size);
    append(bytes, ByteLength{tensor.bytes.size()});
    bytes.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    append_checksum(bytes, begin);
}

/// The file from its beginning on, piece by piece. Throws DataError where a piece is longer than what is left.
class Reader {
public:
    Reader(std::string_view bytes, const std::string& where) : bytes_{bytes}, where_{where} {}

    std::string_view text(std::uint64_t length, const std::string& part)
    {
        const auto left = bytes_.size() - next_;
        if (length > left)
            refuse("is cut off or damaged: its " + part + " needs " + std::to_string(length) + " bytes more, and " +
                   std::to_string(left) + " are left");
        const auto piece = bytes_.substr(next_, length);
        next_ += length;
        return piece;
    }

    template <std::unsigned_integral T>
    T number(const std::string& part)
    {
        const auto piece = text(sizeof(T), part);
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            value =
                static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<unsigned char>(piece[i])) << 8 * i));
        return value;
    }

    /// Of what stands from `begin` on.
    void check(std::size_t begin, const std::string& part)
    {
        const auto expected = checksum_of(bytes_.substr(begin, next_ - begin));
        if (number<Checksum>(part) != expected) refuse("is damaged: the checksum of its " + part + " is another");
    }

    void finish() const
    {
        if (next_ != bytes_.size())
            refuse("is damaged: " + std::to_string(bytes_.size() - next_) + " bytes stand behind its last tensor");
    }

    [[noreturn]] void refuse(const std::string& why) const { throw DataError{where_ + " " + why}; }

    [[nodiscard]] std::size_t place() const { return next_; }

private:
    std::string_view bytes_;
    const std::string& where_;
    std::size_t next_ = 0;
};

void check_kind(Reader& reader)
{
    if (reader.text(magic.size(), "beginning") != magic) reader.refuse("is no model file");
    const auto version = reader.text(1, "version").front();
    if (version < '1' || version > '9') reader.refuse("is no model file");
    if (version > newest_version)
        reader.refuse(std::string{"has the format "} + version + ", newer than " + newest_version +
                      ", the newest that this Fedgram reads; use the version that wrote it, or a later one");
}

ModelFile parse_header(std::string_view text)
{
    const auto json = spec::parse_json_text(text, "header");
    spec::StrictObject header{json, "header"};
    ModelFile file;
    file.model = parse_model(header);
    auto shape = header.object("shape");
    file.shape = {.channels = shape.whole_32("channels"),
                  .height = shape.whole_32("height"),
                  .width = shape.whole_32("width"),
                  .classes = shape.whole_32("classes")};
    shape.finish();
    file.notes = header.value("notes");
    header.finish();
    return file;
}

/// The readers of JSON throw SpecError, for a user's text; here it is a file that is wrong. Of several mistakes the
/// first alone: nobody mends such a file by hand.
ModelFile read_header(std::string_view text, const std::string& where)
{
    try {
        return parse_header(text);
    } catch (const SpecError& error) {
        const std::string mistakes = error.what();
        throw DataError{where + " is damaged: " + mistakes.substr(0, mistakes.find('\n'))};
    }
}

StoredTensor read_tensor(Reader& reader, std::size_t number)
{
    const auto part = "tensor " + std::to_string(number);
    const auto begin = reader.place();
    StoredTensor tensor;
    tensor.name = reader.text(reader.number<NameLength>(part), part);
    tensor.encoding = reader.text(reader.number<WordLength>(part), part);
    tensor.shape.resize(reader.number<Rank>(part));
    for (auto& size : tensor.shape) size = reader.number<std::uint32_t>(part);
    const auto bytes = reader.text(reader.number<ByteLength>(part), part);
    reader.check(begin, part);
    const auto content = std::as_bytes(std::span{bytes});
    tensor.bytes.assign(content.begin(), content.end());
    return tensor;
}

}  // namespace

std::string encode(const ModelFile& file)
{
    const auto header = header_text(file);
    assert(header.size() <= std::numeric_limits<HeaderLength>::max());
    assert(file.tensors.size() <= std::numeric_limits<TensorCount>::max());
    std::string bytes;
    bytes.reserve(file_bytes_with(header, file));
    bytes += magic;
    bytes += newest_version;
    append(bytes, static_cast<TensorCount>(file.tensors.size()));
    append(bytes, static_cast<HeaderLength>(header.size()));
    bytes += header;
    append_checksum(bytes, 0);
    for (const auto& tensor : file.tensors) append_tensor(bytes, tensor);
    return bytes;
}

std::uint64_t file_bytes(const ModelFile& file) { return file_bytes_with(header_text(file), file); }

ModelFile decode_model_file(std::string_view bytes, const std::string& where)
{
    Reader reader{bytes, where};
    check_kind(reader);
    const auto tensors = reader.number<TensorCount>("head");
    const auto header = reader.text(reader.number<HeaderLength>("head"), "header");
    reader.check(0, "header");
    auto file = read_header(header, where);
    for (TensorCount i = 0; i < tensors; ++i) file.tensors.push_back(read_tensor(reader, i + std::size_t{1}));
    reader.finish();
    return file;
}

void write_model_file(const std::filesystem::path& path, const ModelFile& file)
{
    const auto bytes = with_context<DataError>(path.string(), [&] { return encode(file); });
    files::write_file(path, bytes);
}

ModelFile read_model_file(const std::filesystem::path& path)
{
    return decode_model_file(files::read_file(path), path.string());
}

}  // namespace fedgram::learning
