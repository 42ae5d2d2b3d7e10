#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fedgram::learning::torchscript {

/// Writes a pickle, Python's form of stored objects, in protocol 2: the few kinds of value that a TorchScript archive
/// is made of. A value is written by one call; one that holds others takes a function that writes them.
class PickleWriter {
public:
    void boolean(bool value);
    void integer(std::int64_t value);
    void string(std::string_view text);
    /// A class or a function by its name.
    void global(std::string_view module, std::string_view name);

    template <class WriteItems>
    void tuple(const WriteItems& write_items)
    {
        bytes_ += '(';  // MARK
        write_items();
        bytes_ += 't';  // TUPLE
    }

    /// What a function gives for a tuple of arguments. `write` writes the function, then the tuple.
    template <class Write>
    void call(const Write& write)
    {
        write();
        bytes_ += 'R';  // REDUCE
    }

    /// What the reader keeps outside the pickle, by the id that `write_id` writes.
    template <class WriteId>
    void persistent(const WriteId& write_id)
    {
        write_id();
        bytes_ += 'Q';  // BINPERSID
    }

    /// An object of a class. `write_attributes` writes names and values in turn.
    template <class WriteAttributes>
    void object(std::string_view module, std::string_view name, const WriteAttributes& write_attributes)
    {
        global(module, name);
        bytes_ += ")\x81}(";  // EMPTY_TUPLE NEWOBJ, EMPTY_DICT MARK
        write_attributes();
        bytes_ += "ub";  // SETITEMS BUILD
    }

    /// The pickle, whole, of the one value that has been written.
    [[nodiscard]] std::string take() &&;

private:
    std::string bytes_{"\x80\x02"};  // PROTO 2
};

}  // namespace fedgram::learning::torchscript
