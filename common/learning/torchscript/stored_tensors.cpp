#include "common/learning/torchscript/stored_tensors.hpp"

#include <bit>
#include <cstring>
#include <map>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/torchscript/stored_entries.hpp"

namespace fedgram::learning::torchscript {

namespace {

static_assert(std::endian::native == std::endian::little, "tensors are read as they lie in the file");

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
    StoredEntries entries{archive, where};
    std::map<std::string_view, std::string_view> storages;  // by name
    auto entry = entries.next();
    for (; entry && entry->name.starts_with(of_data); entry = entries.next())
        storages[entry->name.substr(of_data.size())] = entry->content;
    if (!entry || entry->name != "model/data.pkl") entries.refuse("isn't a model that the native engine wrote");
    // What follows says how the model computes, which is a matter of the layers that it is read for.
    const auto pickle = entry->content;
    while (entry) entry = entries.next();
    return Modules{{pickle, where}, std::move(storages)}.read();
}

}  // namespace fedgram::learning::torchscript
