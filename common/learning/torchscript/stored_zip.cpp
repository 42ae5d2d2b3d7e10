#include "common/learning/torchscript/stored_zip.hpp"

#include <zlib.h>

#include "common/learning/torchscript/little_endian.hpp"

namespace fedgram::learning::torchscript {

namespace {

// The format is PKWARE's APPNOTE.TXT 6.3. Every file has its sizes and offsets in the 64-bit fields, which a model of
// more than 4 GiB needs: so there is one form.
constexpr std::uint32_t local_header = 0x04034b50;
constexpr std::uint32_t central_header = 0x02014b50;
constexpr std::uint32_t end_of_directory = 0x06054b50;
constexpr std::uint32_t end_of_directory_64 = 0x06064b50;
constexpr std::uint32_t directory_locator_64 = 0x07064b50;
constexpr std::uint16_t version = 45;  // the first with 64-bit fields
constexpr std::uint16_t utf8_names = 0x0800;
constexpr std::uint16_t stored = 0;
constexpr std::uint32_t midnight_1980_01_01 = 0x00210000;  // the same bytes, whenever it is written
constexpr std::uint16_t extra_64 = 0x0001;
constexpr std::uint16_t extra_padding = 0x4246;  // "FB", as PyTorch names it
constexpr std::uint64_t alignment = 64;
constexpr std::uint16_t see_64_16 = 0xffff;
constexpr std::uint32_t see_64 = 0xffffffff;

// Appends values of the given widths one after the other.
class Record {
public:
    Record& u16(std::uint64_t value) { return append(static_cast<std::uint16_t>(value)); }
    Record& u32(std::uint64_t value) { return append(static_cast<std::uint32_t>(value)); }
    Record& u64(std::uint64_t value) { return append(value); }
    Record& text(std::string_view text)
    {
        bytes_ += text;
        return *this;
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    template <class T>
    Record& append(T value)
    {
        append_little_endian(bytes_, value);
        return *this;
    }

    std::string bytes_;
};

std::uint32_t crc_of(std::string_view content)
{
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

}  // namespace

StoredZip::StoredZip(Sink sink) : sink_{std::move(sink)} {}

void StoredZip::write(std::string_view bytes)
{
    sink_(bytes);
    written_ += bytes.size();
}

void StoredZip::add(const std::string& name, std::string_view content)
{
    const Entry entry{name, crc_of(content), content.size(), written_};
    Record sizes;
    sizes.u16(extra_64).u16(16).u64(entry.size).u64(entry.size);

    constexpr std::uint64_t fixed_part = 30;
    constexpr std::uint64_t padding_header = 4;
    const auto unpadded = written_ + fixed_part + name.size() + sizes.bytes().size() + padding_header;
    const std::string padding((alignment - unpadded % alignment) % alignment, 'Z');

    Record header;
    header.u32(local_header).u16(version).u16(utf8_names).u16(stored).u32(midnight_1980_01_01);
    header.u32(entry.crc).u32(see_64).u32(see_64);
    header.u16(name.size()).u16(sizes.bytes().size() + padding_header + padding.size());
    header.text(name).text(sizes.bytes()).u16(extra_padding).u16(padding.size()).text(padding);
    write(header.bytes());
    write(content);
    entries_.push_back(entry);
}

void StoredZip::finish()
{
    const auto begin = written_;
    for (const auto& entry : entries_) {
        Record header;
        header.u32(central_header).u16(version).u16(version).u16(utf8_names).u16(stored).u32(midnight_1980_01_01);
        header.u32(entry.crc).u32(see_64).u32(see_64);
        header.u16(entry.name.size()).u16(28).u16(0);  // name, extra field, comment
        header.u16(0).u16(0).u32(0).u32(see_64);       // disk, attributes, offset
        header.text(entry.name).u16(extra_64).u16(24).u64(entry.size).u64(entry.size).u64(entry.offset);
        write(header.bytes());
    }
    const auto end = written_;
    Record tail;
    tail.u32(end_of_directory_64).u64(44).u16(version).u16(version).u32(0).u32(0);
    tail.u64(entries_.size()).u64(entries_.size()).u64(end - begin).u64(begin);
    tail.u32(directory_locator_64).u32(0).u64(end).u32(1);
    tail.u32(end_of_directory).u16(0).u16(0).u16(see_64_16).u16(see_64_16).u32(see_64).u32(see_64).u16(0);
    write(tail.bytes());
}

}  // namespace fedgram::learning::torchscript
