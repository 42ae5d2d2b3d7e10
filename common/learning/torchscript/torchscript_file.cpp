#include "common/learning/torchscript/torchscript_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cassert>
#include <cerrno>
#include <functional>

#include "common/error/errno_error.hpp"
#include "common/files/descriptor.hpp"
#include "common/learning/torchscript/pickle_writer.hpp"
#include "common/learning/torchscript/stored_zip.hpp"
#include "common/learning/torchscript/torchscript_code.hpp"

namespace fedgram::learning::torchscript {

namespace {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

// A file that gets its name when it is whole, and is removed otherwise.
class UnfinishedFile {
public:
    explicit UnfinishedFile(const std::filesystem::path& path)
        : path_{path},
          unfinished_{path.string() + ".tmp"},
          file_{::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)}
    {
        if (file_.number() < 0) refuse();
    }
    ~UnfinishedFile()
    {
        if (file_.number() >= 0) ::unlink(unfinished_.c_str());
    }

    void write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto count = ::write(file_.number(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) refuse();
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    void finish()
    {
        if (::rename(unfinished_.c_str(), path_.c_str()) != 0) refuse();
        file_ = {};
    }

private:
    [[noreturn]] void refuse() const { throw errno_error(path_.string() + ": can't be written"); }

    std::filesystem::path path_;
    std::filesystem::path unfinished_;
    files::Descriptor file_;
};

// A whole tensor in a storage of its own, by torch._utils._rebuild_tensor_v2(storage, offset, shape, strides,
// requires_grad, hooks).
void write_tensor(PickleWriter& pickle, const std::string& storage, const ParameterSlot& slot)
{
    const auto write_storage = [&] {
        pickle.tuple([&] {
            pickle.string("storage");
            pickle.global("torch", "FloatStorage");
            pickle.string(storage);
            pickle.string("cpu");
            pickle.integer(static_cast<std::int64_t>(slot.size));
        });
    };
    const auto write_shape = [&] {
        for (const auto extent : slot.shape) pickle.integer(extent);
    };
    const auto write_strides = [&] {
        auto stride = static_cast<std::int64_t>(slot.size);
        for (const auto extent : slot.shape) pickle.integer(stride /= extent);
    };
    const auto write_no_hooks = [&] {
        pickle.global("collections", "OrderedDict");
        pickle.tuple([] {});
    };
    pickle.call([&] {
        pickle.global("torch._utils", "_rebuild_tensor_v2");
        pickle.tuple([&] {
            pickle.persistent(write_storage);
            pickle.integer(0);
            pickle.tuple(write_shape);
            pickle.tuple(write_strides);
            pickle.boolean(slot.is_trained);
            pickle.call(write_no_hooks);
        });
    });
}

// The module object. Storages are named by their slot's place in the table.
std::string pickled(const Model& model)
{
    PickleWriter pickle;
    const auto write_mode = [&] {
        pickle.string("training");
        pickle.boolean(false);
    };
    const std::function<void(const std::vector<LayerInfo>&)> write_layers = [&](const std::vector<LayerInfo>& layers) {
        for (const auto& layer : layers) {
            pickle.string(own_name(layer));
            pickle.object("__torch__.fedgram", own_name(layer), [&] {
                write_mode();
                const auto& slots = model.parameters.slots;
                for (std::size_t i = 0; i < slots.size(); ++i)
                    if (const auto parameter = parameter_of(layer, slots[i])) {
                        pickle.string(*parameter);
                        write_tensor(pickle, std::to_string(i), slots[i]);
                    }
                write_layers(layer.body);
                write_layers(layer.shortcut);
            });
        }
    };
    pickle.object("__torch__.fedgram", "Net", [&] {
        write_mode();
        write_layers(model.layers);
    });
    return std::move(pickle).take();
}

std::string pickled_constants()
{
    PickleWriter pickle;
    pickle.tuple([] {});
    return std::move(pickle).take();
}

}  // namespace

void write_torchscript(const Model& model, std::span<const float> parameters, const std::filesystem::path& path)
{
    assert(model.torchscript.empty() && parameters.size() == model.parameters.size);
    UnfinishedFile file{path};
    StoredZip zip{[&](std::string_view bytes) { file.write(bytes); }};
    const auto& slots = model.parameters.slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto values = std::as_bytes(parameters.subspan(slots[i].offset, slots[i].size));
        zip.add("model/data/" + std::to_string(i), {reinterpret_cast<const char*>(values.data()), values.size()});
    }
    zip.add("model/data.pkl", pickled(model));
    zip.add("model/code/__torch__/fedgram.py", torchscript_code(model));
    zip.add("model/constants.pkl", pickled_constants());
    // Of the archive's format, and the lowest that these operators need: LibTorch 1.6 and all that followed read it.
    zip.add("model/version", "3\n");
    zip.finish();
    file.finish();
}

}  // namespace fedgram::learning::torchscript
