#pragma once

#include "common/learning/model_file/model_file.hpp"

namespace fedgram::learning {

// An int8, fp16 or bf16 tensor many of whose values are 0: its scales, and behind them its codes or halves in the form
// of pruned tensors that takes the fewest bytes. The form's name stands behind the encoding's: "int8 bitmap".

/// Puts the tensor in that form. One that is smallest as it is, and one of another encoding, stays as it is.
void make_sparse(StoredTensor& tensor);

/// The tensor back as it was, from any of the forms. Its shape must be that of the model's tensor. Throws DataError for
/// what `make_sparse` doesn't give; the text is for behind the tensor's name.
void make_dense(StoredTensor& tensor);

}  // namespace fedgram::learning
