#include "tests/support/places.hpp"

namespace fedgram::test {

std::filesystem::path source_folder() { return SOURCE_FOLDER; }
std::filesystem::path program_folder() { return PROGRAM_FOLDER; }
std::filesystem::path fake_nvml_library() { return FAKE_NVML_LIBRARY; }
std::filesystem::path fake_cuda_library() { return FAKE_CUDA_LIBRARY; }
std::filesystem::path jumping_clock_library() { return JUMPING_CLOCK_LIBRARY; }

}  // namespace fedgram::test
