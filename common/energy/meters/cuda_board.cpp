#include "common/energy/meters/cuda_board.hpp"

#include <dlfcn.h>

#include <array>

namespace fedgram::energy {

namespace {

// The few declarations of cuda.h that are called here.
using Result = int;  // 0 is success
using Device = int;
using Uuid = std::array<unsigned char, 16>;

template <class Function>
Function* find(void* library, const char* symbol)
{
    return reinterpret_cast<Function*>(::dlsym(library, symbol));
}

std::string text_of(const Uuid& uuid)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string text = "GPU-";
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[uuid[i] / 16];
        text += digits[uuid[i] % 16];
    }
    return text;
}

}  // namespace

Attempt<std::string> first_cuda_board(const std::string& library)
{
    using Found = Attempt<std::string>;
    // It stays open: what has started CUDA in this process can't lose it.
    void* const handle = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle) return Found::missing(library + " can't be opened: no NVIDIA driver");
    auto* const init = find<Result(unsigned)>(handle, "cuInit");
    auto* const by_index = find<Result(Device*, int)>(handle, "cuDeviceGet");
    auto* const uuid_of = find<Result(Uuid*, Device)>(handle, "cuDeviceGetUuid");
    if (!init || !by_index || !uuid_of) return Found::missing(library + " is too old to tell a GPU's UUID");
    Device device = 0;
    Uuid uuid{};
    auto result = init(0);
    if (result == 0) result = by_index(&device, 0);
    if (result == 0) result = uuid_of(&uuid, device);
    if (result != 0) return Found::missing(library + ": error " + std::to_string(result));
    return text_of(uuid);
}

}  // namespace fedgram::energy
