#pragma once

#include <filesystem>

/// Where this checkout and what it builds lie. Compiled in one source alone: what holds an absolute path can't come out
/// of another folder's compile cache.
namespace fedgram::test {

[[nodiscard]] std::filesystem::path source_folder();
[[nodiscard]] std::filesystem::path program_folder();
[[nodiscard]] std::filesystem::path fake_nvml_library();
[[nodiscard]] std::filesystem::path fake_cuda_library();
[[nodiscard]] std::filesystem::path jumping_clock_library();

}  // namespace fedgram::test
