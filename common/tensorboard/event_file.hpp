#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "common/files/durable_file.hpp"

namespace fedgram::tensorboard {

struct Scalar {
    std::string tag;  ///< "accuracy/test"; what stands before the slash groups the charts
    double value = 0;
};

/// One record of TFRecord: the length, its masked CRC-32C, the bytes, and theirs; numbers are little-endian.
[[nodiscard]] std::string record(std::string_view bytes);

/// A new event file, as TensorBoard reads it: its first record states the version. Each record reaches the kernel at
/// once, so that TensorBoard can follow. Everything throws SystemError that names the file.
class EventFile {
public:
    /// `begun`, in seconds since 1970, is the wall time of the first record.
    EventFile(const std::filesystem::path& path, double begun);

    /// The scalars of one step, in one record.
    void add(std::int64_t step, double wall_time, std::span<const Scalar> scalars);

private:
    files::AppendFile file_;
};

}  // namespace fedgram::tensorboard
