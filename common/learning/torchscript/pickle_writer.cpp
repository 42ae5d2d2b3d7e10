#include "common/learning/torchscript/pickle_writer.hpp"

#include "common/learning/torchscript/little_endian.hpp"

namespace fedgram::learning::torchscript {

void PickleWriter::boolean(bool value)
{
    bytes_ += value ? '\x88' : '\x89';  // NEWTRUE, NEWFALSE
}

void PickleWriter::integer(std::int64_t value)
{
    // LONG1 of eight bytes: of the forms that PyTorch reads the one that holds every size of a tensor.
    bytes_ += "\x8a\x08";
    append_little_endian(bytes_, static_cast<std::uint64_t>(value));
}

void PickleWriter::string(std::string_view text)
{
    bytes_ += 'X';  // BINUNICODE
    append_little_endian(bytes_, static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
}

void PickleWriter::global(std::string_view module, std::string_view name)
{
    bytes_ += 'c';  // GLOBAL
    (bytes_ += module) += '\n';
    (bytes_ += name) += '\n';
}

std::string PickleWriter::take() &&
{
    bytes_ += '.';  // STOP
    return std::move(bytes_);
}

}  // namespace fedgram::learning::torchscript
