#include "common/tensorboard/event_file.hpp"

#include "common/tensorboard/crc32c.hpp"
#include "event.pb.h"

namespace fedgram::tensorboard {

namespace {

constexpr const char* file_version = "brain.Event:2";

template <class Number>
std::string little_endian(Number number)
{
    std::string bytes;
    for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xff);
    return bytes;
}

}  // namespace

std::string record(std::string_view bytes)
{
    const auto length = little_endian(std::uint64_t{bytes.size()});
    return length + little_endian(masked_crc32c(length)) + std::string{bytes} + little_endian(masked_crc32c(bytes));
}

EventFile::EventFile(const std::filesystem::path& path, double begun) : file_{path}
{
    wire::Event event;
    event.set_wall_time(begun);
    event.set_file_version(file_version);
    file_.append(record(event.SerializeAsString()));
}

void EventFile::add(std::int64_t step, double wall_time, std::span<const Scalar> scalars)
{
    wire::Event event;
    event.set_wall_time(wall_time);
    event.set_step(step);
    for (const auto& [tag, value] : scalars) {
        auto* const added = event.mutable_summary()->add_value();
        added->set_tag(tag);
        added->set_simple_value(static_cast<float>(value));
    }
    file_.append(record(event.SerializeAsString()));
}

}  // namespace fedgram::tensorboard
