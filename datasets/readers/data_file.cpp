#include "datasets/readers/data_file.hpp"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "datasets/readers/checksum.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::array magic{'F', 'D', 'G', 'D', 'A', 'T', 'A', '4'};

/// What the memory begins with, in the machine's own byte order. What is read as more than bytes follows first, so that
/// it is aligned.
struct Header {
    std::array<char, 8> mark;
    std::uint32_t channels;
    std::uint32_t height;
    std::uint32_t width;
    std::uint32_t classes;
    std::uint32_t element_bytes;  // 1: pixels, 4: floats
    std::uint32_t has_nodes;      // 0 or 1
    std::uint64_t train_samples;
    std::uint64_t test_samples;
    std::uint64_t making_bytes;  // of the text behind the header; with what fills it up to a multiple of 8
    std::array<char, 64> sha256;
    std::array<char, 64> name;   // filled up with zeros
    std::array<char, 128> note;  // the same
    Checksum checksum;           // of what stands before it, and of what follows the header; zeros where none is wanted
};
static_assert(std::is_trivially_copyable_v<Header> && std::has_unique_object_representations_v<Header>);

std::span<const std::uint8_t> bytes_of(const Header& header)
{
    return {reinterpret_cast<const std::uint8_t*>(&header), sizeof header};
}

std::span<const std::uint8_t> checked_bytes_of(const Header& header)
{
    return bytes_of(header).first(offsetof(Header, checksum));
}

template <class Element>
std::span<const std::uint8_t> raw(std::span<const Element> elements)
{
    return {reinterpret_cast<const std::uint8_t*>(elements.data()), elements.size_bytes()};
}

/// With spaces, which JSON doesn't mind, so that what follows is aligned.
std::string filled_up(std::string text)
{
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

std::array<std::span<const std::uint8_t>, 9> parts_of(const Dataset& data, const std::string& making)
{
    const auto& [train, test] = std::tie(data.train, data.test);
    return {raw(std::span{making}), raw(train.values), raw(test.values), raw(train.nodes), raw(test.nodes),
            train.pixels,           train.labels,      test.pixels,      test.labels};
}

Header header_of(const Dataset& data, const std::string& making, Damage damage)
{
    Header header{magic,
                  data.channels,
                  data.height,
                  data.width,
                  data.classes,
                  data.train.values.empty() ? 1U : 4U,
                  data.train.nodes.empty() ? 0U : 1U,
                  data.train.size(),
                  data.test.size(),
                  making.size(),
                  {},
                  {},
                  {},
                  {}};
    if (data.name.size() > header.name.size() || data.note.size() > header.note.size() ||
        data.sha256.size() != header.sha256.size())
        throw std::logic_error{"no name, note or digest of a dataset is as long as that of " + data.name};
    std::ranges::copy(data.name, header.name.begin());
    std::ranges::copy(data.note, header.note.begin());
    std::ranges::copy(data.sha256, header.sha256.begin());
    if (damage == Damage::looked_for) {
        Checksumming checksumming;
        checksumming.add(checked_bytes_of(header));
        for (const auto& part : parts_of(data, making)) checksumming.add(part);
        header.checksum = checksumming.sum();
    }
    return header;
}

void append(int descriptor, std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        // Written, not mapped: where memory runs out, this is an error and not a SIGBUS.
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) throw errno_error("no room for unpacked data");
        if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

[[noreturn]] void refuse(const std::string& what) { throw DataError{what}; }

// Read, not mapped: the caller needs few of the pages afterwards, and mapping a page costs more than copying it.
Checksum checksum_in(int descriptor, const Header& header)
{
    Checksumming checksumming;
    checksumming.add(checked_bytes_of(header));
    std::vector<std::uint8_t> piece(128 * 1024);  // stays in the cache
    for (off_t at = sizeof header;;) {
        const auto count = ::pread(descriptor, piece.data(), piece.size(), at);
        if (count < 0 && errno != EINTR) refuse(std::string{"can't be read: "} + ::strerror(errno));
        if (count == 0) return checksumming.sum();
        if (count < 0) continue;
        checksumming.add(std::span{piece}.first(static_cast<std::size_t>(count)));
        at += count;
    }
}

/// All of a file, mapped for reading.
class Mapping {
public:
    explicit Mapping(files::Descriptor file) : file_{std::move(file)}
    {
        struct stat status {};
        if (::fstat(file_.number(), &status) != 0) refuse(std::string{"can't be mapped: "} + ::strerror(errno));
        size_ = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
        if (size_ == 0) refuse("can't be mapped: it is empty");
        address_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_.number(), 0);
        if (address_ == MAP_FAILED) refuse(std::string{"can't be mapped: "} + ::strerror(errno));
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() { ::munmap(address_, size_); }

    [[nodiscard]] std::span<const std::uint8_t> bytes() const
    {
        return {static_cast<const std::uint8_t*>(address_), size_};
    }
    [[nodiscard]] int descriptor() const { return file_.number(); }

private:
    files::Descriptor file_;
    void* address_ = nullptr;
    std::size_t size_ = 0;
};

template <std::size_t size>
std::string_view text_in(const std::array<char, size>& field)
{
    return {field.data(), static_cast<std::size_t>(std::ranges::find(field, '\0') - field.begin())};
}

void check(const Header& header, std::size_t size)
{
    if (header.mark != magic) refuse("it holds no data of this version of Fedgram");
    const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (text_in(header.name).empty() || !std::ranges::all_of(text_in(header.name), is_plain) ||
        !std::ranges::all_of(header.sha256, is_plain))
        refuse("its name or its digest is damaged");
    const auto is_side = [](std::uint32_t side) { return side > 0 && side <= 1 << 16; };
    const auto is_count = [](std::uint64_t count) {
        return count > 0 && count <= std::numeric_limits<std::uint32_t>::max();
    };
    constexpr std::uint64_t most_elements = std::uint64_t{1} << 36;
    const auto elements = std::uint64_t{header.channels} * header.height * header.width;
    if (elements > most_elements || (header.element_bytes != 1 && header.element_bytes != 4) || header.has_nodes > 1 ||
        !is_side(header.channels) || !is_side(header.height) || !is_side(header.width) || header.classes == 0 ||
        header.classes > 256 || !is_count(header.train_samples) || !is_count(header.test_samples))
        refuse("its sizes are damaged");
    const auto sample_bytes = elements * header.element_bytes + 1 + 4 * header.has_nodes;
    const auto samples = header.train_samples + header.test_samples;
    constexpr std::uint64_t most_making = std::uint64_t{1} << 32;
    if (header.making_bytes % 8 != 0 || header.making_bytes > most_making || size - sizeof header < header.making_bytes)
        refuse("its sizes are damaged");
    const auto held = size - sizeof header - header.making_bytes;
    if (held % sample_bytes != 0 || held / sample_bytes != samples)
        refuse("it holds " + std::to_string(size) + " bytes, which its header doesn't say");
}

template <class Element>
std::span<const Element> as(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const Element*>(bytes.data()), bytes.size() / sizeof(Element)};
}

}  // namespace

void write_data(const files::Descriptor& file, const Dataset& data, Damage damage)
{
    const auto making = filled_up(data.making);
    append(file.number(), bytes_of(header_of(data, making, damage)));
    for (const auto& part : parts_of(data, making)) append(file.number(), part);
}

Dataset map_data(files::Descriptor file, Damage damage)
{
    const auto mapping = std::make_shared<const Mapping>(std::move(file));
    auto rest = mapping->bytes();
    Header header;
    if (rest.size() < sizeof header) refuse("it is shorter than its header");
    std::memcpy(&header, rest.data(), sizeof header);
    check(header, rest.size());
    rest = rest.subspan(sizeof header);
    if (damage == Damage::looked_for && checksum_in(mapping->descriptor(), header) != header.checksum)
        refuse("its bytes have changed since it was written");
    const auto take = [&rest](std::uint64_t size) {
        const auto part = rest.first(size);
        rest = rest.subspan(size);
        return part;
    };

    Dataset data;
    data.name = text_in(header.name);
    data.channels = header.channels;
    data.height = header.height;
    data.width = header.width;
    data.classes = header.classes;
    data.note = text_in(header.note);
    const auto making = take(header.making_bytes);
    data.making = {making.begin(), making.end()};
    data.making.erase(data.making.find_last_not_of(' ') + 1);
    data.sha256 = {header.sha256.begin(), header.sha256.end()};
    const auto elements = std::uint64_t{header.channels} * header.height * header.width;
    const std::array splits{std::pair{&data.train, header.train_samples}, std::pair{&data.test, header.test_samples}};
    if (header.element_bytes == 4)
        for (const auto& [split, count] : splits) split->values = as<float>(take(count * elements * 4));
    if (header.has_nodes == 1)
        for (const auto& [split, count] : splits) split->nodes = as<std::uint32_t>(take(count * 4));
    for (const auto& [split, count] : splits) {
        if (header.element_bytes == 1) split->pixels = take(count * elements);
        split->labels = take(count);
    }
    for (const auto& labels : {data.train.labels, data.test.labels})
        if (std::ranges::any_of(labels, [&](std::uint8_t label) { return label >= header.classes; }))
            refuse("a label is beyond its classes");
    data.memory = mapping;
    data.descriptor = mapping->descriptor();
    return data;
}

}  // namespace fedgram::datasets
