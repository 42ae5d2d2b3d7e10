#include <ATen/CPUFunctions.h>
#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/script.h>

#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <limits>
#include <thread>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/open_engine.hpp"
#include "tests/support/float_batch.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

// Images of 1 x 4 x 4, three classes.
constexpr Shape shape{1, 4, 4, 3};
constexpr std::int64_t pixels = 16;

Engine& engine()
{
    static const auto opened = open_engine("torch");
    return *opened;
}

// A TorchScript file as a user would bring it, gone afterwards: the parameters and the source of `forward`.
class UserModel {
public:
    UserModel(const std::function<void(torch::jit::Module&)>& add, const std::string& forward,
              const std::shared_ptr<torch::jit::Resolver>& names = torch::jit::nativeResolver())
        : path_{std::filesystem::temp_directory_path() /
                ("fedgram-user-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".pt")}
    {
        torch::jit::Module module{"__torch__.User"};
        module.register_attribute("training", c10::BoolType::get(), true);
        add(module);
        module.define(forward, names);
        module.save(path_.string());
    }
    ~UserModel() { std::filesystem::remove(path_); }
    UserModel(const UserModel&) = delete;
    UserModel& operator=(const UserModel&) = delete;

    [[nodiscard]] Model described() const { return engine().describe(path_, shape); }

private:
    static inline int count = 0;
    std::filesystem::path path_;
};

// The names of a saved file's source, where `raise` is a call.
struct WithRaise : torch::jit::Resolver {
    std::shared_ptr<torch::jit::SugaredValue> resolveValue(const std::string& name, torch::jit::GraphFunction&,
                                                           const torch::jit::SourceRange&) override
    {
        if (name == "prim") return std::make_shared<torch::jit::BuiltinModule>("prim");
        return name == "torch" ? std::make_shared<torch::jit::BuiltinModule>("aten") : nullptr;
    }
};

torch::Tensor filled(at::IntArrayRef sizes, float value) { return torch::full(sizes, value).requires_grad_(); }

// A weight that differs from class to class, so that there is something to learn.
torch::Tensor weight() { return (torch::arange(3 * pixels).reshape({3, pixels}) / 100.0F).requires_grad_(); }

void add_linear(torch::jit::Module& module)
{
    module.register_parameter("weight", weight(), false);
    module.register_parameter("bias", filled({3}, 0), false);
}

// Of all 1 and of all 3: their mean is 2, their unbiased variance 2.
test::FloatBatch two_images()
{
    test::FloatBatch images;
    images.pixels.assign(2 * pixels, 1.0F);
    std::fill(images.pixels.begin() + pixels, images.pixels.end(), 3.0F);
    images.labels = {0, 2};
    return images;
}

std::vector<float> read(const Replica& replica, const Model& model)
{
    std::vector<float> parameters(model.parameters.size);
    replica.read(parameters);
    return parameters;
}

std::vector<std::string> names(const Model& model)
{
    std::vector<std::string> all;
    for (const auto& slot : model.parameters.slots) all.push_back(slot.name);
    return all;
}

}  // namespace

TEST_CASE("A BatchNorm's statistics federate, its count of batches stays with the node")
{
    const UserModel file{[](auto& module) {
                             module.register_buffer("running_mean", torch::zeros({pixels}));
                             module.register_buffer("running_var", torch::ones({pixels}));
                             module.register_buffer("batches", torch::zeros({}, torch::kInt64));
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    x = torch.flatten(x, 1)
    if self.training:
        self.batches.add_(1)
    x = torch.batch_norm(x, None, None, self.running_mean, self.running_var, self.training, 0.1, 1e-5, True)
    return torch.linear(x, self.weight, self.bias)
)"};
    const auto model = file.described();
    CHECK(names(model) == std::vector<std::string>{"weight", "bias", "running_mean", "running_var"});
    const auto stored = engine().stored_parameters(model);
    CHECK(stored[model.parameters.slots[3].offset] == 1);

    const auto replica = engine().replica(model, {.learning_rate = 0.1});
    replica->begin(stored, 1);
    (void)replica->evaluate(two_images().batch());
    CHECK(read(*replica, model) == stored);

    (void)replica->step(two_images().batch(), 0.1);
    const auto after = read(*replica, model);
    CHECK(after[model.parameters.slots[2].offset] == Approx(0.2));        // 0.9 x 0 + 0.1 x 2
    CHECK(after[model.parameters.slots[3].offset] == Approx(0.9 + 0.2));  // 0.9 x 1 + 0.1 x 2
    CHECK(after[0] != stored[0]);
}

TEST_CASE("A BatchNorm that can't have a batch of one says how to leave none")
{
    // As torch.nn.functional.batch_norm does.
    const UserModel file{[](auto& module) { add_linear(module); }, R"(
def forward(self, x):
    if self.training:
        assert x.size(0) > 1, "Expected more than 1 value per channel when training, got input size [1, 16]"
    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)
)"};
    const auto model = file.described();
    const auto replica = engine().replica(model, {});
    replica->begin(engine().stored_parameters(model), 1);
    test::FloatBatch one;
    one.pixels.assign(pixels, 1.0F);
    one.labels = {0};
    CHECK_THROWS_WITH(replica->step(one.batch(), 0.1),
                      Catch::Contains("on a batch of 1: ") && Catch::Contains("got input size [1, 16]") &&
                          Catch::Contains("last_batch \"merge\" or \"drop\" leaves no such batch"));
}

TEST_CASE("A buffer that the model replaces by a new tensor is still read")
{
    const UserModel file{[](auto& module) {
                             module.register_buffer("seen", torch::zeros({1}));
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    if self.training:
        self.seen = self.seen + x.sum()
    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)
)"};
    const auto model = file.described();
    const auto replica = engine().replica(model, {});
    replica->begin(engine().stored_parameters(model), 1);
    (void)replica->step(two_images().batch(), 0.1);
    (void)replica->step(two_images().batch(), 0.1);
    CHECK(read(*replica, model).back() == 2 * (16 + 48));
}

TEST_CASE("Nothing that a model counts for itself survives into the next training")
{
    const UserModel file{[](auto& module) {
                             module.register_attribute("calls", c10::IntType::get(), 0);
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    if self.training:
        self.calls = self.calls + 1
    return torch.linear(torch.flatten(x, 1), self.weight, self.bias) * self.calls
)"};
    const auto model = file.described();
    const auto replica = engine().replica(model, {});
    const auto stored = engine().stored_parameters(model);
    replica->begin(stored, 1);
    const double first = replica->step(two_images().batch(), 0.1);
    (void)replica->step(two_images().batch(), 0.1);
    replica->begin(stored, 1);
    CHECK(replica->step(two_images().batch(), 0.1) == first);
}

TEST_CASE("Dropout draws from the training's own seed, also beside other trainings")
{
    const UserModel file{add_linear, R"(
def forward(self, x):
    x = torch.dropout(torch.flatten(x, 1), 0.5, self.training)
    return torch.linear(x, self.weight, self.bias)
)"};
    const auto model = file.described();
    const auto stored = engine().stored_parameters(model);
    const auto trained = [&](std::uint64_t seed) {
        const auto replica = engine().replica(model, {});
        replica->begin(stored, seed);
        for (int step = 0; step < 50; ++step) (void)replica->step(two_images().batch(), 0.01);
        return read(*replica, model);
    };
    const std::array alone{trained(1), trained(2)};
    CHECK(alone[0] == trained(1));
    CHECK(alone[0] != alone[1]);

    std::array<std::vector<float>, 2> together;
    {
        std::jthread one{[&] { together[0] = trained(1); }};
        std::jthread two{[&] { together[1] = trained(2); }};
    }
    CHECK(together == alone);
}

TEST_CASE("What a model counts for itself and its randomness are part of a training's state")
{
    const UserModel file{[](auto& module) {
                             module.register_attribute("calls", c10::IntType::get(), 0);
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    if self.training:
        self.calls = self.calls + 1
    x = torch.dropout(torch.flatten(x, 1), 0.5, self.training)
    return torch.linear(x, self.weight, self.bias) * self.calls
)"};
    const auto model = file.described();
    const auto step = [](Replica& replica) { return replica.step(two_images().batch(), 0.01); };
    const auto whole = engine().replica(model, {.momentum = 0.9});
    whole->begin(engine().stored_parameters(model), 7);
    for (int i = 0; i < 5; ++i) step(*whole);
    const auto resumed = engine().replica(model, {.momentum = 0.9});
    resumed->restore(whole->state());
    for (int i = 0; i < 5; ++i) CHECK(step(*resumed) == step(*whole));
    CHECK(read(*resumed, model) == read(*whole, model));
}

TEST_CASE("An evaluation doesn't drop out")
{
    const UserModel file{add_linear, R"(
def forward(self, x):
    x = torch.dropout(torch.flatten(x, 1), 0.5, self.training)
    return torch.linear(x, self.weight, self.bias)
)"};
    const auto model = file.described();
    const auto replica = engine().replica(model, {});
    replica->begin(engine().stored_parameters(model), 1);
    CHECK(replica->evaluate(two_images().batch()).loss_sum == replica->evaluate(two_images().batch()).loss_sum);
}

TEST_CASE("Tied weights are one tensor")
{
    const UserModel file{[](auto& module) {
                             const auto shared = weight();
                             module.register_parameter("first", shared, false);
                             module.register_parameter("second", shared, false);
                         },
                         R"(
def forward(self, x):
    x = torch.flatten(x, 1)
    return torch.linear(x, self.first) + torch.linear(x, self.second)
)"};
    const auto model = file.described();
    CHECK(names(model) == std::vector<std::string>{"first"});

    // A model of one weight whose logits are doubled: the same function, so the same gradient.
    const auto stepped = [](const Model& described) {
        const auto replica = engine().replica(described, {});
        replica->begin(engine().stored_parameters(described), 1);
        (void)replica->step(two_images().batch(), 0.01);
        return read(*replica, described);
    };
    const auto tied = stepped(model);
    const UserModel doubled{[](auto& module) { module.register_parameter("first", weight(), false); },
                            "def forward(self, x):\n    return 2 * torch.linear(torch.flatten(x, 1), self.first)\n"};
    const auto expected = stepped(doubled.described());
    REQUIRE(tied.size() == expected.size());
    for (std::size_t i = 0; i < tied.size(); ++i) CHECK(tied[i] == Approx(expected[i]));
}

TEST_CASE("A frozen parameter federates but isn't trained")
{
    const UserModel file{[](auto& module) {
                             module.register_parameter("scale", torch::full({1}, 2.0F), false);
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    return torch.linear(torch.flatten(x, 1) * self.scale, self.weight, self.bias)
)"};
    const auto model = file.described();
    const auto stored = engine().stored_parameters(model);
    const auto replica = engine().replica(model, {.weight_decay = 0.1});
    replica->begin(stored, 1);
    (void)replica->step(two_images().batch(), 0.1);
    const auto after = read(*replica, model);
    CHECK(after[0] == 2);
    CHECK(after[1] != stored[1]);
}

TEST_CASE("FLOPs are counted where operators meet")
{
    const UserModel file{[](auto& module) {
                             module.register_parameter("mix", filled({4, 4}, 0.1F), false);
                             add_linear(module);
                         },
                         R"(
def forward(self, x):
    y = torch.matmul(torch.squeeze(x, 1), self.mix)
    z = torch.bmm(y, torch.transpose(y, 1, 2))
    return torch.linear(torch.flatten(z, 1), self.weight, self.bias)
)"};
    const auto cost = file.described().cost;
    // Per sample: 4x4 by 4x4 is 2 x 64 FLOPs, twice; 16 to 3 is 2 x 48.
    CHECK(cost.forward_flops == 128 + 128 + 96);
    // The pixels need no gradient; all other operands do.
    CHECK(cost.backward_flops == 128 + 2 * 128 + 2 * 96);
    // In floats: matmul 16 + 16, bmm reads y twice 32 + 16, linear 16 + 3; backward adds the input gradients 0, 32, 16.
    CHECK(cost.forward_bytes == 4 * (32 + 48 + 19));
    CHECK(cost.backward_bytes == 4 * (32 + 80 + 35));
    // Three products; views launch nothing. Gradients: of mix; of y, twice; of z, weight and bias.
    CHECK(cost.kernels.forward == 3);
    CHECK(cost.kernels.backward == 6);
}

TEST_CASE("A model that can't be trained as it is says what is wrong with it")
{
    const std::string linear = "def forward(self, x):\n    return torch.linear(torch.flatten(x, 1), self.weight)\n";
    const auto with_weight = [](const torch::Tensor& value) {
        return [value](torch::jit::Module& module) { module.register_parameter("weight", value, false); };
    };
    CHECK_THROWS_WITH((UserModel{with_weight(weight().detach()), linear}.described()),
                      Contains("no parameter that can be trained"));
    CHECK_THROWS_WITH(
        (UserModel{with_weight(weight().to(torch::kFloat64).detach().requires_grad_()), linear}.described()),
        Contains("parameter weight is Double; save the model after model.float()"));
    CHECK_THROWS_WITH((UserModel{with_weight(weight()),
                                 "def forward(self, x):\n"
                                 "    return (torch.linear(torch.flatten(x, 1), self.weight), x)\n"}
                           .described()),
                      Contains("returns Tuple"));
    CHECK_THROWS_WITH(
        (UserModel{with_weight(weight()),
                   "def forward(self, x):\n    return torch.linear(torch.flatten(x, 1), self.weight)[0]\n"}
             .described()),
        Contains("for a batch of 2") && Contains("[N,1,4,4]"));
}

TEST_CASE("A model that fails on a batch is one clear error")
{
    const auto failure = [](const std::string& on_one) {
        const UserModel file{add_linear,
                             "def forward(self, x):\n    if torch.size(x, 0) == 1:\n        " + on_one +
                                 "\n    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)\n",
                             std::make_shared<WithRaise>()};
        const auto replica = engine().replica(file.described(), {});
        const auto images = two_images();
        try {
            (void)replica->step(images.batch().part(0, 1), 0.1);
        } catch (const DataError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    const std::string start = ": the model fails on a batch of 1: ";
    CHECK_THAT(failure("x = torch.reshape(x, [2, 16])"),
               EndsWith(start + "shape '[2, 16]' is invalid for input of size 16") && !Contains("\n"));
    // Raised by the model itself.
    CHECK_THAT(failure("prim.RaiseException('two at least', 'builtins.ValueError')"),
               EndsWith(start + "two at least") && !Contains("\n"));
}

TEST_CASE("A model with a batch size built in says so, and the way out")
{
    const auto reshaped = [](const std::string& sizes) {
        return UserModel{add_linear, "def forward(self, x):\n    x = torch.reshape(x, " + sizes +
                                         ")\n    return torch.linear(x, self.weight, self.bias)\n"};
    };
    const auto told = [](const std::string& samples) {
        return "; a batch of " + samples +
               " is built into it: write x.flatten(1) or x.view(x.size(0), -1) instead of a fixed batch size, or use "
               "torch.jit.script";
    };
    CHECK_THROWS_WITH(
        reshaped("[32, 16]").described(),
        Contains("its forward fails: shape '[32, 16]' is invalid for input of size 32") && EndsWith(told("32")));
    // That the batches take apart, and then don't fit: LibTorch's own words name no batch.
    CHECK_THROWS_WITH(reshaped("[32, -1]").described(),
                      Contains("its forward fails: mat1 and mat2 shapes cannot be multiplied (32x1 and 16x3)") &&
                          EndsWith(told("32")));
    CHECK_THROWS_WITH(reshaped("[1, -1]").described(), EndsWith(told("1")));
    CHECK_THROWS_WITH(reshaped("[2, 16]").described(), EndsWith(told("2")));
    // Wrong on every batch.
    CHECK_THROWS_WITH(reshaped("[-1, 8]").described(), Contains("its forward fails: ") && !Contains("built into"));
}

TEST_CASE("The engine's max-pooling gives LibTorch's values and indices")
{
    (void)engine();  // its kernel is in place from here on
    // Few different values, so that most windows have ties, and some NaN.
    torch::manual_seed(1);
    auto images = torch::randint(0, 4, {3, 5, 11, 14}).to(torch::kFloat32);
    images.index_put_({torch::randint(0, 11, {40}) % 3, torch::randint(0, 5, {40}), torch::randint(0, 11, {40}),
                       torch::randint(0, 14, {40})},
                      torch::full({40}, std::numeric_limits<float>::quiet_NaN()));
    const auto check = [&](const torch::Tensor& input, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                           bool ceil_mode) {
        INFO("kernel " << kernel << ", stride " << stride << ", padding " << padding << ", ceil_mode " << ceil_mode);
        const std::array<std::int64_t, 2> kernels{kernel, kernel};
        const std::array<std::int64_t, 2> strides{stride, stride};
        const std::array<std::int64_t, 2> paddings{padding, padding};
        const std::array<std::int64_t, 2> dilations{1, 1};
        const auto [values, indices] =
            at::max_pool2d_with_indices(input, kernels, strides, paddings, dilations, ceil_mode);
        const auto [expected_values, expected_indices] =
            at::cpu::max_pool2d_with_indices(input, kernels, strides, paddings, dilations, ceil_mode);
        CHECK(values.sizes() == expected_values.sizes());
        CHECK(values.allclose(expected_values, 0, 0, /*equal_nan=*/true));
        CHECK(indices.equal(expected_indices));
    };
    check(images, 2, 2, 0, false);
    check(images, 3, 2, 0, false);
    check(images, 2, 1, 0, false);
    check(images, 3, 3, 0, false);
    check(images, 3, 2, 1, false);  // these are LibTorch's own
    check(images, 2, 2, 0, true);
    check(images.contiguous(at::MemoryFormat::ChannelsLast), 2, 2, 0, false);
    check(images.to(torch::kFloat64), 2, 2, 0, false);
}
