#include <dlfcn.h>
#include <malloc.h>

#include <climits>
#include <cstdlib>
#include <filesystem>

#include "common/error/error.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/open_engine.hpp"

namespace fedgram::learning {

namespace {

// A node computes on one thread: the simulator's parallelism is over nodes, and the bits must not depend on a count of
// threads. Both libraries read this when they are loaded.
void set_one_thread_per_node()
{
    setenv("OMP_NUM_THREADS", "1", 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
}

// Each step of LibTorch allocates and frees the same tensors, and each update and its frame the same buffers. By
// default the C library gives their pages back to the kernel each time, and page faults take a third of a small model's
// training.
void keep_freed_memory()
{
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

std::unique_ptr<Engine> open_torch_engine()
{
    set_one_thread_per_node();

    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const auto path = program.parent_path().parent_path() / "lib" / "fedgram" / "libfedgram_torch_engine.so";
    void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr)
        throw SystemError{
            "the LibTorch engine can't be opened: " + std::string{dlerror()} +
            "; install the package fedgram-torch, or build with FEDGRAM_TORCH=ON and keep lib/ beside bin/"};
    const auto make = reinterpret_cast<Engine* (*)()>(dlsym(module, "fedgram_make_engine"));
    if (make == nullptr) throw SystemError{path.string() + " is no engine of Fedgram's; build it anew"};
    return std::unique_ptr<Engine>{make()};
}

}  // namespace

std::unique_ptr<Engine> open_engine(const std::string& name)
{
    keep_freed_memory();
    if (name == "native") return native::make_engine(native::usable_instruction_sets().back());
    if (name == "torch") return open_torch_engine();
    throw SpecError{"engine: \"" + name + "\" is unknown; use \"native\" or \"torch\""};
}

}  // namespace fedgram::learning
