#include "datasets/sharing/shared_data.hpp"

#include <fcntl.h>

#include <string>

#include "common/error/context.hpp"
#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "common/files/anonymous_file.hpp"
#include "datasets/readers/data_file.hpp"

namespace fedgram::datasets {

namespace {

/// In memory that the kernel keeps for it, or in the place that Linux has for shared memory.
files::AnonymousFile new_file()
{
    try {
        return files::AnonymousFile::in_memory("fedgram-data");
    } catch (const SystemError&) {
        return files::AnonymousFile::in_folder("/dev/shm");
    }
}

files::Descriptor file_of(const Dataset& data)
{
    if (data.descriptor >= 0) {
        files::Descriptor same{::fcntl(data.descriptor, F_DUPFD_CLOEXEC, 0)};
        if (same.number() < 0) throw errno_error("no descriptor for the data");
        return same;
    }
    auto file = new_file();
    write_data(file.descriptor(), data, Damage::ruled_out);
    return std::move(file).sealed();
}

}  // namespace

SharedData::SharedData(const Dataset& data) : file_{file_of(data)} {}

std::optional<SharedData> SharedData::where_there_is_room(const Dataset& data, std::string& why)
{
    try {
        return SharedData{data};
    } catch (const SystemError& error) {
        why = error.what();
        return std::nullopt;
    }
}

Dataset map_shared_data(int descriptor)
{
    return with_way_out("only `fedgram run` passes this option", [&] {
        return with_context("--data-fd " + std::to_string(descriptor),
                            [&] { return map_data(files::Descriptor{descriptor}, Damage::ruled_out); });
    });
}

}  // namespace fedgram::datasets
