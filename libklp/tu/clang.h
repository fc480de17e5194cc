/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tu/: libclang, loaded when the first source file is parsed. To load it costs more
 * than to answer a question that needs no source, and it is looked for where it was when this
 * was built. Include this instead of clang-c/Index.h; a function that is missing below is an
 * undefined symbol at link time.
 */
#ifndef KLP_TU_CLANG_H
#define KLP_TU_CLANG_H

#include <clang-c/Index.h>

#include "base/error.h"

#define KLP_CLANG_FUNCTIONS(F)                                                                                           \
	F(Cursor_Evaluate)                                                                                               \
	F(Cursor_getOffsetOfField)                                                                                       \
	F(Cursor_getStorageClass) F(Cursor_getVarDeclInitializer) F(Cursor_isFunctionInlined) F(                         \
		Cursor_isNull) F(EvalResult_dispose) F(EvalResult_getAsLongLong) F(EvalResult_getKind)                   \
		F(Type_getSizeOf) F(Type_visitFields) F(createIndex) F(disposeDiagnostic) F(disposeIndex) F(             \
			disposeSourceRangeList) F(disposeString) F(disposeTranslationUnit) F(equalCursors)               \
			F(equalLocations) F(equalTypes) F(getArrayElementType) F(getCString) F(                          \
				getCanonicalCursor) F(getCanonicalType) F(getClangVersion) F(getCursorExtent)            \
				F(getCursorKind) F(getCursorLinkage) F(getCursorLocation) F(                             \
					getCursorReferenced) F(getCursorSemanticParent) F(getCursorSpelling)             \
					F(getCursorType) F(getDiagnostic) F(getDiagnosticLocation) F(                    \
						getDiagnosticSeverity) F(getDiagnosticSpelling) F(getExpansionLocation)  \
						F(getFieldDeclBitWidth) F(getFile) F(getFileContents) F(                 \
							getFileLocation) F(getFileName) F(getInclusions)                 \
							F(getNullCursor) F(getNumDiagnostics) F(                         \
								getPointeeType) F(getRangeEnd)                           \
								F(getRangeStart) F(getSkippedRanges) F(                  \
									getSpellingLocation) F(getTranslationUnitCursor) \
									F(getTypeDeclaration) F(                         \
										getTypeSpelling) F(isConstQualifiedType) \
										F(isCursorDefinition) F(                 \
											isPreprocessing)                 \
											F(parseTranslationUnit2)         \
												F(visitChildren)

struct klp_clang {
#define KLP_CLANG_POINTER(name) __typeof__(clang_##name) *name;
	KLP_CLANG_FUNCTIONS(KLP_CLANG_POINTER)
#undef KLP_CLANG_POINTER
};

/* Errors are shown all; skipped ranges and expansions are in the preprocessing record. */
#define KLP_TU_PARSE_OPTIONS \
	(CXTranslationUnit_KeepGoing | CXTranslationUnit_DetailedPreprocessingRecord)

/* Filled by klp_clang_load() and never changed afterwards. */
extern struct klp_clang klp_clang;

/* Call before any function of libclang; from any thread. */
int klp_clang_load(struct klp_error *err);

#define clang_Cursor_Evaluate		   klp_clang.Cursor_Evaluate
#define clang_Cursor_getOffsetOfField	   klp_clang.Cursor_getOffsetOfField
#define clang_Cursor_getStorageClass	   klp_clang.Cursor_getStorageClass
#define clang_Cursor_getVarDeclInitializer klp_clang.Cursor_getVarDeclInitializer
#define clang_Cursor_isFunctionInlined	   klp_clang.Cursor_isFunctionInlined
#define clang_Cursor_isNull		   klp_clang.Cursor_isNull
#define clang_EvalResult_dispose	   klp_clang.EvalResult_dispose
#define clang_EvalResult_getAsLongLong	   klp_clang.EvalResult_getAsLongLong
#define clang_EvalResult_getKind	   klp_clang.EvalResult_getKind
#define clang_Type_getSizeOf		   klp_clang.Type_getSizeOf
#define clang_Type_visitFields		   klp_clang.Type_visitFields
#define clang_createIndex		   klp_clang.createIndex
#define clang_disposeDiagnostic		   klp_clang.disposeDiagnostic
#define clang_disposeIndex		   klp_clang.disposeIndex
#define clang_disposeSourceRangeList	   klp_clang.disposeSourceRangeList
#define clang_disposeString		   klp_clang.disposeString
#define clang_disposeTranslationUnit	   klp_clang.disposeTranslationUnit
#define clang_equalCursors		   klp_clang.equalCursors
#define clang_equalLocations		   klp_clang.equalLocations
#define clang_equalTypes		   klp_clang.equalTypes
#define clang_getArrayElementType	   klp_clang.getArrayElementType
#define clang_getCString		   klp_clang.getCString
#define clang_getCanonicalCursor	   klp_clang.getCanonicalCursor
#define clang_getCanonicalType		   klp_clang.getCanonicalType
#define clang_getClangVersion		   klp_clang.getClangVersion
#define clang_getCursorExtent		   klp_clang.getCursorExtent
#define clang_getCursorKind		   klp_clang.getCursorKind
#define clang_getCursorLinkage		   klp_clang.getCursorLinkage
#define clang_getCursorLocation		   klp_clang.getCursorLocation
#define clang_getCursorReferenced	   klp_clang.getCursorReferenced
#define clang_getCursorSemanticParent	   klp_clang.getCursorSemanticParent
#define clang_getCursorSpelling		   klp_clang.getCursorSpelling
#define clang_getCursorType		   klp_clang.getCursorType
#define clang_getDiagnostic		   klp_clang.getDiagnostic
#define clang_getDiagnosticLocation	   klp_clang.getDiagnosticLocation
#define clang_getDiagnosticSeverity	   klp_clang.getDiagnosticSeverity
#define clang_getDiagnosticSpelling	   klp_clang.getDiagnosticSpelling
#define clang_getExpansionLocation	   klp_clang.getExpansionLocation
#define clang_getFieldDeclBitWidth	   klp_clang.getFieldDeclBitWidth
#define clang_getFile			   klp_clang.getFile
#define clang_getFileContents		   klp_clang.getFileContents
#define clang_getFileLocation		   klp_clang.getFileLocation
#define clang_getFileName		   klp_clang.getFileName
#define clang_getInclusions		   klp_clang.getInclusions
#define clang_getNullCursor		   klp_clang.getNullCursor
#define clang_getNumDiagnostics		   klp_clang.getNumDiagnostics
#define clang_getPointeeType		   klp_clang.getPointeeType
#define clang_getRangeEnd		   klp_clang.getRangeEnd
#define clang_getRangeStart		   klp_clang.getRangeStart
#define clang_getSkippedRanges		   klp_clang.getSkippedRanges
#define clang_getSpellingLocation	   klp_clang.getSpellingLocation
#define clang_getTranslationUnitCursor	   klp_clang.getTranslationUnitCursor
#define clang_getTypeDeclaration	   klp_clang.getTypeDeclaration
#define clang_getTypeSpelling		   klp_clang.getTypeSpelling
#define clang_isConstQualifiedType	   klp_clang.isConstQualifiedType
#define clang_isCursorDefinition	   klp_clang.isCursorDefinition
#define clang_isPreprocessing		   klp_clang.isPreprocessing
#define clang_parseTranslationUnit2	   klp_clang.parseTranslationUnit2
#define clang_visitChildren		   klp_clang.visitChildren

#endif
