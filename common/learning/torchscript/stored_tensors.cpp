#include "common/learning/torchscript/stored_tensors.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::learning::torchscript {

namespace {

static_assert(std::endian::native == std::endian::little, "tensors are read as they lie in the file");

// Of StoredZip's local headers: where these fields lie, and how much stands before the name; and of what stands behind
// that, which begins with the entry's sizes in 64 bits.
constexpr std::size_t crc_at = 14;
constexpr std::size_t name_length_at = 26;
constexpr std::size_t extra_length_at = 28;
constexpr std::size_t fixed_part = 30;
constexpr std::string_view of_sizes{"\x01\x00\x10\x00", 4};
constexpr std::size_t both_sizes = 20;
// The archive's last record.
constexpr std::size_t last_record = 22;
constexpr std::string_view begin_of_last_record{"PK\x05\x06", 4};
constexpr std::string_view signature{"PK\x03\x04", 4};

template <class T>
T number_at(std::string_view bytes, std::size_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

// Bytes that are read from the beginning to the end.
class Bytes {
public:
    Bytes(std::string_view bytes, const std::string& where) : rest_{bytes}, where_{where} {}

    std::string_view take(std::size_t count)
    {
        if (count > rest_.size()) refuse("is cut off");
        const auto part = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return part;
    }
    void expect(std::string_view bytes)
    {
        if (take(bytes.size()) != bytes) refuse("isn't a model that the native engine wrote");
    }
    [[nodiscard]] bool begins_with(std::string_view bytes) const { return rest_.starts_with(bytes); }
    std::string_view take_line()
    {
        const auto line = take(rest_.find('\n'));
        take(1);
        return line;
    }
    [[noreturn]] void refuse(const char* what) const { throw DataError{where_ + ": " + what}; }

private:
    std::string_view rest_;
    const std::string& where_;
};

struct Entry {
    std::string_view name;
    std::string_view content;
};

Entry next_entry(Bytes& archive)
{
    if (!archive.begins_with(signature)) archive.refuse("isn't a model that the native engine wrote");
    const auto header = archive.take(fixed_part);
    const auto name = archive.take(number_at<std::uint16_t>(header, name_length_at));
    const auto extra = archive.take(number_at<std::uint16_t>(header, extra_length_at));
    if (!extra.starts_with(of_sizes) || extra.size() < both_sizes)
        archive.refuse("isn't a model that the native engine wrote");
    const auto content = archive.take(number_at<std::uint64_t>(extra, of_sizes.size()));
    const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
    if (crc != number_at<std::uint32_t>(header, crc_at)) archive.refuse("is damaged");
    return {name, content};
}

// Reads the pickle that torchscript_file.cpp writes, and no other: modules inside each other with their tensors.
class Modules {
public:
    Modules(Bytes bytes, std::map<std::string_view, std::string_view> storages)
        : bytes_{bytes}, storages_{std::move(storages)}
    {
    }

    std::vector<NamedTensor> read()
    {
        bytes_.expect("\x80\x02");  // PROTO 2
        bytes_.expect("c");
        take_global();
        read_module("", 0);
        return std::move(tensors_);
    }

private:
    // No model of layers is as deep; a file may come from anywhere.
    static constexpr int deepest = 32;

    std::string_view take_string()
    {
        bytes_.expect("X");
        return bytes_.take(number_at<std::uint32_t>(bytes_.take(4), 0));
    }
    std::int64_t take_integer()
    {
        bytes_.expect("\x8a\x08");
        return number_at<std::int64_t>(bytes_.take(8), 0);
    }
    /// Behind its opcode.
    std::string_view take_global()
    {
        bytes_.take_line();
        return bytes_.take_line();
    }

    /// Behind its class.
    void read_module(const std::string& prefix, int depth)
    {
        if (depth == deepest) bytes_.refuse("isn't a model that the native engine wrote");
        bytes_.expect(")\x81}(");
        while (!bytes_.begins_with("u")) {
            const std::string name{take_string()};
            if (bytes_.begins_with("\x88") || bytes_.begins_with("\x89")) {
                bytes_.take(1);  // whether it trains
                continue;
            }
            bytes_.expect("c");
            if (take_global() == "_rebuild_tensor_v2")
                read_tensor(prefix + name);
            else
                read_module(prefix + name + ".", depth + 1);
        }
        bytes_.expect("ub");
    }

    /// Behind the function that makes it.
    void read_tensor(std::string name)
    {
        bytes_.expect("((");
        take_string();  // "storage"
        bytes_.expect("c");
        take_global();
        const auto storage = storages_.find(take_string());
        take_string();  // the device
        const auto size = take_integer();
        bytes_.expect("tQ");
        take_integer();  // the offset, 0
        NamedTensor tensor{std::move(name), take_integers(), {}};
        take_integers();  // the strides, of a tensor without gaps
        bytes_.take(1);   // whether it is trained
        bytes_.expect("c");
        take_global();
        bytes_.expect("(tRtR");
        if (storage == storages_.end() || size < 0 || storage->second.size() % sizeof(float) != 0 ||
            storage->second.size() / sizeof(float) != static_cast<std::size_t>(size))
            bytes_.refuse("is damaged");
        tensor.values.resize(static_cast<std::size_t>(size));
        std::memcpy(tensor.values.data(), storage->second.data(), storage->second.size());
        storages_.erase(storage);
        tensors_.push_back(std::move(tensor));
    }

    std::vector<std::int64_t> take_integers()
    {
        bytes_.expect("(");
        std::vector<std::int64_t> integers;
        while (!bytes_.begins_with("t")) integers.push_back(take_integer());
        bytes_.take(1);
        return integers;
    }

    Bytes bytes_;
    std::map<std::string_view, std::string_view> storages_;  // by name; each is one tensor's own
    std::vector<NamedTensor> tensors_;
};

}  // namespace

std::vector<NamedTensor> stored_tensors(std::string_view archive, const std::string& where)
{
    constexpr std::string_view of_data{"model/data/"};
    Bytes bytes{archive, where};
    std::map<std::string_view, std::string_view> storages;  // by name
    auto entry = next_entry(bytes);
    for (; entry.name.starts_with(of_data); entry = next_entry(bytes))
        storages[entry.name.substr(of_data.size())] = entry.content;
    if (entry.name != "model/data.pkl") bytes.refuse("isn't a model that the native engine wrote");
    // What follows says how the model computes, which is a matter of the layers that it is read for.
    if (!archive.substr(archive.size() - std::min(archive.size(), last_record)).starts_with(begin_of_last_record))
        bytes.refuse("is cut off");
    return Modules{{entry.content, where}, std::move(storages)}.read();
}

}  // namespace fedgram::learning::torchscript
