#include "common/learning/native/native_engine.hpp"

#include "common/error/error.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/native_replica.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"

namespace fedgram::learning::native {

namespace {

[[noreturn]] void refuse(const std::string& torchscript)
{
    throw SpecError{"model.torchscript: " + torchscript +
                    " is run by LibTorch alone; use \"engine\": \"torch\" or leave the engine out"};
}

class NativeEngine final : public Engine {
public:
    explicit NativeEngine(InstructionSet set) : set_{set} {}

    [[nodiscard]] EngineInfo info() const override
    {
        return {"native", "Fedgram " FEDGRAM_VERSION, "none", std::string{name(set_)}};
    }

    [[nodiscard]] std::unique_ptr<Replica> replica(const Model& model, const spec::Optimizer& optimizer) override
    {
        if (!model.torchscript.empty()) refuse(model.torchscript);
        return std::make_unique<NativeReplica>(model, optimizer, kernels(set_));
    }

    [[nodiscard]] Model describe(const std::filesystem::path& torchscript, Shape) override
    {
        refuse(torchscript.string());
    }

    [[nodiscard]] ItemizedCost itemize(const std::filesystem::path& torchscript, Shape) override
    {
        refuse(torchscript.string());
    }

    [[nodiscard]] std::vector<float> stored_parameters(const Model& model) override { refuse(model.torchscript); }

    void write_torchscript(const Model& model, std::span<const float> parameters,
                           const std::filesystem::path& path) override
    {
        torchscript::write_torchscript(model, parameters, path);
    }

private:
    InstructionSet set_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(InstructionSet set) { return std::make_unique<NativeEngine>(set); }

}  // namespace fedgram::learning::native
