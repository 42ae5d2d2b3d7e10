#include <catch2/catch.hpp>

#include "common/learning/torchscript/torchscript_code.hpp"

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("A residual calls its layers' modules and adds what both ways give")
{
    using namespace spec;
    const auto model = build_model(
        {.name = "tiny", .layers = {Flatten{}, Residual{{Linear{4}, Relu{}}, {Linear{4}}}}, .torchscript = {}},
        {1, 2, 2, 4});
    CHECK(torchscript::own_name(model.layers[1].body[0]) == "fc1");
    CHECK(torchscript::forward_lines(model.layers[1], "  ") == R"(  y = x
  y = self.fc1.forward(y)
  y = self.relu1.forward(y)
  z = x
  z = self.fc2.forward(z)
  return torch.add(y, z)
)");
}

TEST_CASE("A batch normalization's statistics are buffers of its class")
{
    const auto model = build_model(
        {.name = "tiny", .layers = {spec::BatchNorm{}, spec::Flatten{}, spec::Linear{4}}, .torchscript = {}},
        {1, 2, 2, 4});
    CHECK_THAT(torchscript::torchscript_code(model), Catch::Matchers::Contains(R"(class bn1(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = ["running_mean", "running_var", ]
  training : bool
  weight : Tensor
  bias : Tensor
  running_mean : Tensor
  running_var : Tensor
  def forward(self: __torch__.fedgram.bn1,
    x: Tensor) -> Tensor:
    return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-05, True)
)"));
}

TEST_CASE("The code of a model is a class of its layers, and a class for each of them")
{
    using namespace spec;
    const auto model = build_model(
        {.name = "tiny", .layers = {Conv2d{2, 3, 2, 1}, Flatten{}, Linear{4}}, .torchscript = {}}, {1, 6, 6, 4});
    CHECK(torchscript::torchscript_code(model) == R"(class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  conv1 : __torch__.fedgram.conv1
  flatten1 : __torch__.fedgram.flatten1
  fc1 : __torch__.fedgram.fc1
  def forward(self: __torch__.fedgram.Net,
    x: Tensor) -> Tensor:
    x = self.conv1.forward(x)
    x = self.flatten1.forward(x)
    x = self.fc1.forward(x)
    return x
class conv1(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor
  def forward(self: __torch__.fedgram.conv1,
    x: Tensor) -> Tensor:
    return torch.conv2d(x, self.weight, self.bias, [2, 2], [1, 1])
class flatten1(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.fedgram.flatten1,
    x: Tensor) -> Tensor:
    return torch.flatten(x, 1)
class fc1(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor
  def forward(self: __torch__.fedgram.fc1,
    x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)
)");
}

TEST_CASE("The other kinds of layers are the operators of their names")
{
    using namespace spec;
    CHECK(torchscript::forward_expression(Relu{}) == "torch.relu(x)");
    CHECK(torchscript::forward_expression(Tanh{}) == "torch.tanh(x)");
    CHECK(torchscript::forward_expression(MaxPool2d{3, 2}) == "torch.max_pool2d(x, [3, 3], [2, 2])");
    CHECK(torchscript::forward_expression(Conv2d{.channels = 4, .kernel = 3, .groups = 4, .bias = false}) ==
          "torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 4)");
    CHECK(torchscript::forward_expression(GroupNorm{2}) ==
          "torch.group_norm(x, 2, self.weight, self.bias, 1e-05, True)");
    CHECK(torchscript::forward_expression(Dropout{0.5}) == "torch.dropout(x, 0.5, self.training)");
    CHECK(torchscript::forward_expression(Dropout{0}) == "torch.dropout(x, 0., self.training)");
    CHECK(torchscript::forward_expression(AvgPool2d{2, 1}) == "torch.avg_pool2d(x, [2, 2], [1, 1])");
}

TEST_CASE("A parameter belongs to the layer of its whole name")
{
    const LayerInfo layer{.layer = spec::Linear{4}, .name = "fc1", .output_shape = {4}};
    CHECK(torchscript::parameter_of(layer, {.name = "fc1.weight", .shape = {4, 2}}) == "weight");
    CHECK(torchscript::parameter_of(layer, {.name = "fc11.weight", .shape = {4, 2}}) == std::nullopt);
}
