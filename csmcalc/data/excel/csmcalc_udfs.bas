Attribute VB_Name = "csmcalc_udfs"
' Written by python -m addin.build; do not edit.
Option Explicit
Private Const CSMCALC_VERSION As String = "0.1.0"
Private oPython As Object

Public Sub Auto_Open()
    ' Nothing here may show a dialog: help texts and a note in the status bar, no more.
    On Error Resume Next
    CsmDescribeAll
    Dim answer As Variant, wanted As String
    wanted = "csmcalc " & CSMCALC_VERSION & ", xlwings " & XLWINGS_VERSION
    answer = CSM_VERSION()
    If IsError(answer) Then
        Application.StatusBar = "csmcalc: Python does not answer; see csmcalc addin doctor"
    ElseIf answer <> wanted Then
        Application.StatusBar = "csmcalc: " & answer & ", but this workbook needs " & wanted _
            & "; see csmcalc addin doctor"
    End If
End Sub

Private Function CsmCall(ByVal fname As String, ByVal args As Variant) As Variant
    ' XLPy reads its settings from files each time; the object it gives serves many calls.
    Dim isOld As Boolean
    isOld = Not oPython Is Nothing
    On Error GoTo Failed
Again:
    If oPython Is Nothing Then Set oPython = XLPy
    CsmCall = CsmErrors(oPython.CallUDF("csmcalc.excel.udfs", fname, args, ThisWorkbook, _
        Application.Caller))
    Exit Function
Failed:
    Set oPython = Nothing
    If isOld Then
        ' Python may have ended since the last time: it is started once more.
        isOld = False
        Resume Again
    End If
    CsmCall = CVErr(2015)
End Function

Private Function CsmErrors(ByVal result As Variant) As Variant
    Dim r As Long, c As Long
    If Not IsArray(result) Then
        CsmErrors = CsmCell(result)
        Exit Function
    End If
    If CsmHasColumns(result) Then
        For r = LBound(result, 1) To UBound(result, 1)
            For c = LBound(result, 2) To UBound(result, 2)
                result(r, c) = CsmCell(result(r, c))
            Next c
        Next r
    Else
        For c = LBound(result) To UBound(result)
            result(c) = CsmCell(result(c))
        Next c
    End If
    CsmErrors = result
End Function

Private Function CsmHasColumns(ByVal result As Variant) As Boolean
    ' xlwings hands a single row over as an array of one dimension.
    Dim last As Long
    On Error GoTo OneRow
    last = UBound(result, 2)
    CsmHasColumns = True
    Exit Function
OneRow:
    CsmHasColumns = False
End Function

Private Function CsmCell(ByVal content As Variant) As Variant
    ' A mark is the name of an error behind the first private letter, U+E000.
    Dim first As Long
    CsmCell = content
    If VarType(content) <> 8 Then Exit Function
    If Len(content) = 0 Then Exit Function
    first = AscW(content)
    If first < 0 Then first = first + 65536
    If first <> 57344 Then Exit Function
    Select Case Mid(content, 2)
        Case "#NULL!": CsmCell = CVErr(2000)
        Case "#DIV/0!": CsmCell = CVErr(2007)
        Case "#REF!": CsmCell = CVErr(2023)
        Case "#NAME?": CsmCell = CVErr(2029)
        Case "#NUM!": CsmCell = CVErr(2036)
        Case "#N/A": CsmCell = CVErr(2042)
        Case Else: CsmCell = CVErr(2015)
    End Select
End Function

Public Function CSM_LAST_ERROR() As Variant
    Application.Volatile
    CSM_LAST_ERROR = CsmCall("CSM_LAST_ERROR", Array())
End Function

Public Function CSM_VERSION() As Variant
    CSM_VERSION = CsmCall("CSM_VERSION", Array())
End Function

Public Function CSM_RATIO(arr As Variant, Optional arr_per_csm As Variant, Optional in_arrears As Variant) As Variant
    CSM_RATIO = CsmCall("CSM_RATIO", Array(arr, arr_per_csm, in_arrears))
End Function

Public Function CSM_IMPLIED_RATIO(arr As Variant, csms As Variant) As Variant
    CSM_IMPLIED_RATIO = CsmCall("CSM_IMPLIED_RATIO", Array(arr, csms))
End Function

Public Function CSM_MAX_ARR(csms As Variant, Optional arr_per_csm As Variant, Optional in_arrears As Variant) As Variant
    CSM_MAX_ARR = CsmCall("CSM_MAX_ARR", Array(csms, arr_per_csm, in_arrears))
End Function

Public Function CSM_HEADROOM(csms As Variant, arr As Variant, Optional arr_per_csm As Variant, Optional in_arrears As Variant) As Variant
    CSM_HEADROOM = CsmCall("CSM_HEADROOM", Array(csms, arr, arr_per_csm, in_arrears))
End Function

Public Function CSM_ACCOUNTS_RATIO(accounts As Variant, accounts_per_csm As Variant) As Variant
    CSM_ACCOUNTS_RATIO = CsmCall("CSM_ACCOUNTS_RATIO", Array(accounts, accounts_per_csm))
End Function

Public Function CSM_ACCOUNTS_PER_CSM(arr_per_csm As Variant, acv As Variant) As Variant
    CSM_ACCOUNTS_PER_CSM = CsmCall("CSM_ACCOUNTS_PER_CSM", Array(arr_per_csm, acv))
End Function

Public Function CSM_NEW_ARR_NEEDED(arr As Variant, growth As Variant, nrr As Variant) As Variant
    CSM_NEW_ARR_NEEDED = CsmCall("CSM_NEW_ARR_NEEDED", Array(arr, growth, nrr))
End Function

Public Function CSM_SCALED_TARGET(arr_per_csm As Variant, local_comp As Variant, reference_comp As Variant) As Variant
    CSM_SCALED_TARGET = CsmCall("CSM_SCALED_TARGET", Array(arr_per_csm, local_comp, reference_comp))
End Function

Public Function CSM_EFFECTIVE_HOURS(Optional calendar As Variant, Optional pto As Variant, Optional sick As Variant, Optional internal_share As Variant, Optional realisation As Variant) As Variant
    CSM_EFFECTIVE_HOURS = CsmCall("CSM_EFFECTIVE_HOURS", Array(calendar, pto, sick, internal_share, realisation))
End Function

Public Function CSM_LOADED_COST(ote As Variant, loading As Variant) As Variant
    CSM_LOADED_COST = CsmCall("CSM_LOADED_COST", Array(ote, loading))
End Function

Public Function CSM_COST_PER_HOUR(ote As Variant, loading As Variant, effective_hours As Variant) As Variant
    CSM_COST_PER_HOUR = CsmCall("CSM_COST_PER_HOUR", Array(ote, loading, effective_hours))
End Function

Public Function CSM_ACCOUNT_HOURS(scheduled As Variant, reactive As Variant, onboarding_hours As Variant, new_accounts As Variant, accounts As Variant, Optional complexity As Variant) As Variant
    CSM_ACCOUNT_HOURS = CsmCall("CSM_ACCOUNT_HOURS", Array(scheduled, reactive, onboarding_hours, new_accounts, accounts, complexity))
End Function

Public Function CSM_ACTIVITY_HOURS(frequency As Variant, hours As Variant) As Variant
    CSM_ACTIVITY_HOURS = CsmCall("CSM_ACTIVITY_HOURS", Array(frequency, hours))
End Function

Public Function CSM_HOURS_PER_ACCOUNT(hours As Variant, accounts As Variant) As Variant
    CSM_HOURS_PER_ACCOUNT = CsmCall("CSM_HOURS_PER_ACCOUNT", Array(hours, accounts))
End Function

Public Function CSM_COMPLEXITY(mean_score As Variant, Optional divisor As Variant, Optional cap As Variant) As Variant
    CSM_COMPLEXITY = CsmCall("CSM_COMPLEXITY", Array(mean_score, divisor, cap))
End Function

Public Function CSM_ONBOARDING_FACTOR(days_since_start As Variant, Optional factor As Variant, Optional window As Variant, Optional taper As Variant) As Variant
    CSM_ONBOARDING_FACTOR = CsmCall("CSM_ONBOARDING_FACTOR", Array(days_since_start, factor, window, taper))
End Function

Public Function CSM_BLENDED_LOAD(share_onboarding As Variant, onboarding_factor As Variant) As Variant
    CSM_BLENDED_LOAD = CsmCall("CSM_BLENDED_LOAD", Array(share_onboarding, onboarding_factor))
End Function

Public Function CSM_BOOK_SIZE(effective_hours As Variant, hours_per_account As Variant) As Variant
    CSM_BOOK_SIZE = CsmCall("CSM_BOOK_SIZE", Array(effective_hours, hours_per_account))
End Function

Public Function CSM_WORKLOAD_FTE(accounts As Variant, hours As Variant, effective_hours As Variant) As Variant
    CSM_WORKLOAD_FTE = CsmCall("CSM_WORKLOAD_FTE", Array(accounts, hours, effective_hours))
End Function

Public Function CSM_UTILISATION(required As Variant, available As Variant) As Variant
    CSM_UTILISATION = CsmCall("CSM_UTILISATION", Array(required, available))
End Function

Public Function CSM_COST_TO_SERVE(hours As Variant, cost_per_hour As Variant, Optional support_cost As Variant) As Variant
    CSM_COST_TO_SERVE = CsmCall("CSM_COST_TO_SERVE", Array(hours, cost_per_hour, support_cost))
End Function

Public Function CSM_TIER_MIN_ARR(hours As Variant, cost_per_hour As Variant, gross_margin As Variant, service_share As Variant) As Variant
    CSM_TIER_MIN_ARR = CsmCall("CSM_TIER_MIN_ARR", Array(hours, cost_per_hour, gross_margin, service_share))
End Function

Public Function CSM_RAMP_FACTOR(tenure_months As Variant, ramp_months As Variant, Optional start_share As Variant) As Variant
    CSM_RAMP_FACTOR = CsmCall("CSM_RAMP_FACTOR", Array(tenure_months, ramp_months, start_share))
End Function

Public Function CSM_RAMPED_FTE(heads As Variant, tenure As Variant, ramp_months As Variant, Optional attainment As Variant) As Variant
    CSM_RAMPED_FTE = CsmCall("CSM_RAMPED_FTE", Array(heads, tenure, ramp_months, attainment))
End Function

Public Function CSM_YEAR1_DELIVERED(ramp_months As Variant, mean_productivity As Variant, Optional start_month As Variant) As Variant
    CSM_YEAR1_DELIVERED = CsmCall("CSM_YEAR1_DELIVERED", Array(ramp_months, mean_productivity, start_month))
End Function

Public Function CSM_ATTRITION_PERIOD(annual_rate As Variant, periods_per_year As Variant) As Variant
    CSM_ATTRITION_PERIOD = CsmCall("CSM_ATTRITION_PERIOD", Array(annual_rate, periods_per_year))
End Function

Public Function CSM_HIRE_BY(need_date As Variant, ramp_months As Variant, months_to_fill As Variant) As Variant
    CSM_HIRE_BY = CsmCall("CSM_HIRE_BY", Array(need_date, ramp_months, months_to_fill))
End Function

Public Function CSM_MANAGERS(csms As Variant, Optional span As Variant) As Variant
    CSM_MANAGERS = CsmCall("CSM_MANAGERS", Array(csms, span))
End Function

Public Function CSM_HIRING_PLAN(required As Variant, starting_csms As Variant, ramp_months As Variant, annual_attrition As Variant, Optional months_to_fill As Variant, Optional in_arrears As Variant) As Variant
    CSM_HIRING_PLAN = CsmCall("CSM_HIRING_PLAN", Array(required, starting_csms, ramp_months, annual_attrition, months_to_fill, in_arrears))
End Function

Public Function CSM_GRR(start As Variant, churn As Variant, contraction As Variant) As Variant
    CSM_GRR = CsmCall("CSM_GRR", Array(start, churn, contraction))
End Function

Public Function CSM_NRR(start As Variant, expansion As Variant, contraction As Variant, churn As Variant) As Variant
    CSM_NRR = CsmCall("CSM_NRR", Array(start, expansion, contraction, churn))
End Function

Public Function CSM_LOGO_RETENTION(kept As Variant, start As Variant) As Variant
    CSM_LOGO_RETENTION = CsmCall("CSM_LOGO_RETENTION", Array(kept, start))
End Function

Public Function CSM_RENEWAL_RATE(available_to_renew As Variant, lost As Variant) As Variant
    CSM_RENEWAL_RATE = CsmCall("CSM_RENEWAL_RATE", Array(available_to_renew, lost))
End Function

Public Function CSM_SAVE_RATE(saved As Variant, at_risk As Variant) As Variant
    CSM_SAVE_RATE = CsmCall("CSM_SAVE_RATE", Array(saved, at_risk))
End Function

Public Function CSM_CONVERT_CHURN(rate As Variant, from_per_year As Variant, to_per_year As Variant) As Variant
    CSM_CONVERT_CHURN = CsmCall("CSM_CONVERT_CHURN", Array(rate, from_per_year, to_per_year))
End Function

Public Function CSM_DETECTION_RATE(flagged_lost As Variant, total_lost As Variant) As Variant
    CSM_DETECTION_RATE = CsmCall("CSM_DETECTION_RATE", Array(flagged_lost, total_lost))
End Function

Public Function CSM_ARR_END(opening As Variant, new_arr As Variant, expansion As Variant, contraction As Variant, churn As Variant, Optional reactivation As Variant) As Variant
    CSM_ARR_END = CsmCall("CSM_ARR_END", Array(opening, new_arr, expansion, contraction, churn, reactivation))
End Function

Public Function CSM_QUICK_RATIO(new_arr As Variant, expansion As Variant, churn As Variant, contraction As Variant, Optional reactivation As Variant) As Variant
    CSM_QUICK_RATIO = CsmCall("CSM_QUICK_RATIO", Array(new_arr, expansion, churn, contraction, reactivation))
End Function

Public Function CSM_LIFETIME(churn As Variant) As Variant
    CSM_LIFETIME = CsmCall("CSM_LIFETIME", Array(churn))
End Function

Public Function CSM_LTV(arpa As Variant, gross_margin As Variant, churn As Variant) As Variant
    CSM_LTV = CsmCall("CSM_LTV", Array(arpa, gross_margin, churn))
End Function

Public Function CSM_LTV_DISCOUNTED(arpa As Variant, gross_margin As Variant, churn As Variant, discount As Variant, Optional in_advance As Variant) As Variant
    CSM_LTV_DISCOUNTED = CsmCall("CSM_LTV_DISCOUNTED", Array(arpa, gross_margin, churn, discount, in_advance))
End Function

Public Function CSM_LTV_NET(arpa As Variant, gross_margin As Variant, nrr As Variant, discount As Variant) As Variant
    CSM_LTV_NET = CsmCall("CSM_LTV_NET", Array(arpa, gross_margin, nrr, discount))
End Function

Public Function CSM_LTV_GROWTH(arpa As Variant, gross_margin As Variant, churn As Variant, growth As Variant, discount As Variant) As Variant
    CSM_LTV_GROWTH = CsmCall("CSM_LTV_GROWTH", Array(arpa, gross_margin, churn, growth, discount))
End Function

Public Function CSM_LTV_COHORT(survival As Variant, margin As Variant, discount As Variant) As Variant
    CSM_LTV_COHORT = CsmCall("CSM_LTV_COHORT", Array(survival, margin, discount))
End Function

Public Function CSM_CAC(sales_marketing As Variant, new_customers As Variant) As Variant
    CSM_CAC = CsmCall("CSM_CAC", Array(sales_marketing, new_customers))
End Function

Public Function CSM_CAC_RATIO(sales_marketing As Variant, new_arr As Variant) As Variant
    CSM_CAC_RATIO = CsmCall("CSM_CAC_RATIO", Array(sales_marketing, new_arr))
End Function

Public Function CSM_CAC_PAYBACK(sales_marketing As Variant, new_arr As Variant, gross_margin As Variant) As Variant
    CSM_CAC_PAYBACK = CsmCall("CSM_CAC_PAYBACK", Array(sales_marketing, new_arr, gross_margin))
End Function

Public Function CSM_LTV_CAC(ltv As Variant, cac As Variant) As Variant
    CSM_LTV_CAC = CsmCall("CSM_LTV_CAC", Array(ltv, cac))
End Function

Public Function CSM_MAGIC_NUMBER(revenue As Variant, prior_revenue As Variant, prior_sales_marketing As Variant) As Variant
    CSM_MAGIC_NUMBER = CsmCall("CSM_MAGIC_NUMBER", Array(revenue, prior_revenue, prior_sales_marketing))
End Function

Public Function CSM_CONTRIBUTION(arr As Variant, gross_margin As Variant, support_cost As Variant, success_cost As Variant) As Variant
    CSM_CONTRIBUTION = CsmCall("CSM_CONTRIBUTION", Array(arr, gross_margin, support_cost, success_cost))
End Function

Public Function CSM_MARGIN_GUARD(arr As Variant, support_cost As Variant, success_cost As Variant, Optional max_share As Variant) As Variant
    CSM_MARGIN_GUARD = CsmCall("CSM_MARGIN_GUARD", Array(arr, support_cost, success_cost, max_share))
End Function

Public Function CSM_BREAKEVEN_GRR(cost As Variant, arr_covered As Variant, gross_margin As Variant, Optional multiple As Variant) As Variant
    CSM_BREAKEVEN_GRR = CsmCall("CSM_BREAKEVEN_GRR", Array(cost, arr_covered, gross_margin, multiple))
End Function

Public Function CSM_BREAKEVEN_EXPANSION(cost As Variant, gross_margin As Variant) As Variant
    CSM_BREAKEVEN_EXPANSION = CsmCall("CSM_BREAKEVEN_EXPANSION", Array(cost, gross_margin))
End Function

Public Function CSM_INDIFFERENCE_GRR(saving As Variant, cohort_arr As Variant, gross_margin As Variant) As Variant
    CSM_INDIFFERENCE_GRR = CsmCall("CSM_INDIFFERENCE_GRR", Array(saving, cohort_arr, gross_margin))
End Function

Public Function CSM_STRICT_GUARD(contribution As Variant, cac As Variant, payback_years As Variant) As Variant
    CSM_STRICT_GUARD = CsmCall("CSM_STRICT_GUARD", Array(contribution, cac, payback_years))
End Function

Public Function CSM_HIRE_CASE(cost As Variant, book As Variant, grr_covered As Variant, grr_uncovered As Variant, gross_margin As Variant) As Variant
    CSM_HIRE_CASE = CsmCall("CSM_HIRE_CASE", Array(cost, book, grr_covered, grr_uncovered, gross_margin))
End Function

Public Function BCG_SEGMENT(profitability As Variant, growth As Variant, Optional profitability_threshold As Variant, Optional growth_threshold As Variant, Optional band As Variant, Optional previous As Variant) As Variant
    BCG_SEGMENT = CsmCall("BCG_SEGMENT", Array(profitability, growth, profitability_threshold, growth_threshold, band, previous))
End Function

Public Function BCG_THRESHOLD(values As Variant, Optional method As Variant, Optional weights As Variant, Optional percentile As Variant) As Variant
    BCG_THRESHOLD = CsmCall("BCG_THRESHOLD", Array(values, method, weights, percentile))
End Function

Public Function BCG_DISTANCE(profitability As Variant, growth As Variant, Optional profitability_threshold As Variant, Optional growth_threshold As Variant) As Variant
    BCG_DISTANCE = CsmCall("BCG_DISTANCE", Array(profitability, growth, profitability_threshold, growth_threshold))
End Function

Public Function BCG_ACTION(segment As Variant) As Variant
    BCG_ACTION = CsmCall("BCG_ACTION", Array(segment))
End Function

Public Function CSM_TIER(arr As Variant, cuts As Variant, names As Variant) As Variant
    CSM_TIER = CsmCall("CSM_TIER", Array(arr, cuts, names))
End Function

Public Function CSM_NINE_BOX(x_score As Variant, y_score As Variant, Optional low As Variant, Optional high As Variant) As Variant
    CSM_NINE_BOX = CsmCall("CSM_NINE_BOX", Array(x_score, y_score, low, high))
End Function

Public Function CSM_RESPONSE(hours As Variant, none As Variant, today As Variant, saturated As Variant, hours_today As Variant) As Variant
    CSM_RESPONSE = CsmCall("CSM_RESPONSE", Array(hours, none, today, saturated, hours_today))
End Function

Public Function CSM_ADBUDG(effort As Variant, y0 As Variant, ymax As Variant, c As Variant, d As Variant) As Variant
    CSM_ADBUDG = CsmCall("CSM_ADBUDG", Array(effort, y0, ymax, c, d))
End Function

Public Function CSM_ADBUDG_FIT(y0 As Variant, y1 As Variant, y15 As Variant, ymax As Variant) As Variant
    CSM_ADBUDG_FIT = CsmCall("CSM_ADBUDG_FIT", Array(y0, y1, y15, ymax))
End Function

Public Function CSM_ADBUDG_LSQ(effort As Variant, response As Variant) As Variant
    CSM_ADBUDG_LSQ = CsmCall("CSM_ADBUDG_LSQ", Array(effort, response))
End Function

Public Function CSM_OPTIMAL_HEADCOUNT(segment_table As Variant, loaded_cost As Variant, effective_hours As Variant, gross_margin As Variant, discount As Variant, years As Variant, Optional charge_service As Variant) As Variant
    CSM_OPTIMAL_HEADCOUNT = CsmCall("CSM_OPTIMAL_HEADCOUNT", Array(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service))
End Function

Public Function CSM_VALUE_CURVE(segment_table As Variant, loaded_cost As Variant, effective_hours As Variant, gross_margin As Variant, discount As Variant, years As Variant, Optional charge_service As Variant, Optional max_csms As Variant) As Variant
    CSM_VALUE_CURVE = CsmCall("CSM_VALUE_CURVE", Array(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service, max_csms))
End Function

Public Function CSM_SERVICE_HOURS(segment_table As Variant, loaded_cost As Variant, effective_hours As Variant, gross_margin As Variant, discount As Variant, years As Variant, csms As Variant, Optional charge_service As Variant) As Variant
    CSM_SERVICE_HOURS = CsmCall("CSM_SERVICE_HOURS", Array(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service))
End Function

Public Function CSM_NEXT_VALUE(segment_table As Variant, loaded_cost As Variant, effective_hours As Variant, gross_margin As Variant, discount As Variant, years As Variant, csms As Variant, Optional charge_service As Variant) As Variant
    CSM_NEXT_VALUE = CsmCall("CSM_NEXT_VALUE", Array(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service))
End Function

Public Function CSM_RULE_GAP(segment_table As Variant, loaded_cost As Variant, effective_hours As Variant, gross_margin As Variant, discount As Variant, years As Variant, Optional charge_service As Variant, Optional arr_per_csm As Variant) As Variant
    CSM_RULE_GAP = CsmCall("CSM_RULE_GAP", Array(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service, arr_per_csm))
End Function

Public Function CSM_BALANCE_CV(values As Variant) As Variant
    CSM_BALANCE_CV = CsmCall("CSM_BALANCE_CV", Array(values))
End Function

Public Function CSM_GINI(values As Variant) As Variant
    CSM_GINI = CsmCall("CSM_GINI", Array(values))
End Function

Public Function CSM_MAX_MIN(values As Variant) As Variant
    CSM_MAX_MIN = CsmCall("CSM_MAX_MIN", Array(values))
End Function

Public Function CSM_OUTSIDE(values As Variant, Optional tolerance As Variant) As Variant
    CSM_OUTSIDE = CsmCall("CSM_OUTSIDE", Array(values, tolerance))
End Function

Public Function CSM_WEIGHTED_MEAN(values As Variant, weights As Variant) As Variant
    CSM_WEIGHTED_MEAN = CsmCall("CSM_WEIGHTED_MEAN", Array(values, weights))
End Function

Public Function CSM_ASSIGN(customers As Variant, csms As Variant, Optional continuity_weight As Variant) As Variant
    CSM_ASSIGN = CsmCall("CSM_ASSIGN", Array(customers, csms, continuity_weight))
End Function

Private Sub CsmDescribeAll()
    CsmDescribeRatio
    CsmDescribeCapacity
    CsmDescribeHiring
    CsmDescribeRetention
    CsmDescribeEconomics
    CsmDescribeSegments
    CsmDescribeOptimum
    CsmDescribeBalance
End Sub

Private Sub CsmDescribeRatio()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_RATIO", _
        Description:="Whole CSMs that the ARR-per-CSM rule asks for.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "ARR (or ACV) to cover; currency per year", _
        "ARR that one CSM covers; currency per year and CSM; default 2000000", _
        "TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE")
    Application.MacroOptions Macro:="CSM_IMPLIED_RATIO", _
        Description:="ARR that one CSM covers today.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "ARR (or ACV) covered; currency per year", _
        "CSMs who cover it; CSMs")
    Application.MacroOptions Macro:="CSM_MAX_ARR", _
        Description:="ARR that a team can cover under the ARR-per-CSM rule.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "CSMs in the team; CSMs", _
        "ARR that one CSM covers; currency per year and CSM; default 2000000", _
        "TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE")
    Application.MacroOptions Macro:="CSM_HEADROOM", _
        Description:="ARR that a team can still take on under the rule; negative when it is over.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "CSMs in the team; CSMs", _
        "ARR (or ACV) they cover today; currency per year", _
        "ARR that one CSM covers; currency per year and CSM; default 2000000", _
        "TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE")
    Application.MacroOptions Macro:="CSM_ACCOUNTS_RATIO", _
        Description:="Whole CSMs that an accounts-per-CSM rule asks for.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "accounts to cover; accounts", _
        "accounts that one CSM covers; accounts per CSM")
    Application.MacroOptions Macro:="CSM_ACCOUNTS_PER_CSM", _
        Description:="Accounts that an ARR-per-CSM rule gives one CSM, exact.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "ARR that one CSM covers; currency per year and CSM", _
        "mean contract value of an account; currency per year")
    Application.MacroOptions Macro:="CSM_NEW_ARR_NEEDED", _
        Description:="New-customer ARR that a growth target leaves to win after net retention.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "ARR at the start of the period; currency per year", _
        "growth of ARR aimed at over the period; share", _
        "net revenue retention over the same period, may exceed 1; share")
    Application.MacroOptions Macro:="CSM_SCALED_TARGET", _
        Description:="ARR-per-CSM target of a place where CSMs cost more or less than the reference.", _
        Category:="csmcalc Ratio", ArgumentDescriptions:=Array( _
        "target where CSMs earn the reference pay; currency per year and CSM", _
        "yearly compensation of a CSM there; currency per year", _
        "yearly compensation behind the target; currency per year")
End Sub

Private Sub CsmDescribeCapacity()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_EFFECTIVE_HOURS", _
        Description:="Hours a year that one CSM really has for customers.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "hours in the contract; hours per year; default 2080", _
        "paid time off; hours per year; default 160", _
        "sick leave; hours per year; default 40", _
        "part of the remaining time that goes to internal work; share; default 1/3", _
        "part of the customer time that reaches customers; share; default 0.85")
    Application.MacroOptions Macro:="CSM_LOADED_COST", _
        Description:="Yearly cost of one CSM with everything on top of the pay.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "on-target earnings of a CSM; currency per year", _
        "multiplier for benefits, taxes, tools and space, 1 or more; multiple")
    Application.MacroOptions Macro:="CSM_COST_PER_HOUR", _
        Description:="Cost of one customer-facing hour of a CSM.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "on-target earnings of a CSM; currency per year", _
        "multiplier for benefits, taxes, tools and space, 1 or more; multiple", _
        "customer-facing hours of one CSM; hours per year")
    Application.MacroOptions Macro:="CSM_ACCOUNT_HOURS", _
        Description:="Hours a year that one account of a segment needs on average.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "planned touches, see CSM_ACTIVITY_HOURS; hours per year and account", _
        "unplanned work; hours per year and account", _
        "work to bring one new account up; hours", _
        "accounts onboarded in the year; accounts", _
        "all accounts of the segment; accounts", _
        "multiplier for demanding accounts, see CSM_COMPLEXITY; multiple; default 1")
    Application.MacroOptions Macro:="CSM_ACTIVITY_HOURS", _
        Description:="Hours a year that a calendar of touches takes for one account.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "how often each activity happens; times per year", _
        "what it takes each time, preparation included; hours")
    Application.MacroOptions Macro:="CSM_HOURS_PER_ACCOUNT", _
        Description:="Hours that remain for each account of a book.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "customer-facing hours of the period; hours", _
        "accounts in the book; accounts")
    Application.MacroOptions Macro:="CSM_COMPLEXITY", _
        Description:="Multiplier on the hours of demanding accounts.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "mean of the complexity scores, 0 = plain; score", _
        "score that doubles the hours; score; default 8", _
        "the most the multiplier may be, 1 or more; multiple; default 2")
    Application.MacroOptions Macro:="CSM_ONBOARDING_FACTOR", _
        Description:="Multiplier on the hours of an account that is being onboarded.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "days since the account started; days", _
        "multiplier during the window; multiple; default 3", _
        "length of the onboarding, the last day included; days; default 90", _
        "time over which the factor falls to 1 afterwards, 0 = at once; days; default 0")
    Application.MacroOptions Macro:="CSM_BLENDED_LOAD", _
        Description:="Multiplier on the hours of a book of which a part is being onboarded.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "part of the book in onboarding; share", _
        "multiplier of an account in onboarding; multiple")
    Application.MacroOptions Macro:="CSM_BOOK_SIZE", _
        Description:="Accounts that fit into the hours of one CSM, exact.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "customer-facing hours of one CSM; hours per year", _
        "hours that one account needs; hours per year and account")
    Application.MacroOptions Macro:="CSM_WORKLOAD_FTE", _
        Description:="CSMs that the workload asks for, exact.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "accounts of each segment; accounts", _
        "hours that one account of the segment needs; hours per year and account", _
        "customer-facing hours of one CSM; hours per year")
    Application.MacroOptions Macro:="CSM_UTILISATION", _
        Description:="How much of the available hours the work takes; above 1 the team is short.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "hours the accounts need; hours per year", _
        "hours the team has; hours per year")
    Application.MacroOptions Macro:="CSM_COST_TO_SERVE", _
        Description:="Yearly cost of serving an account: success and support.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "CSM hours the account takes; hours per year", _
        "cost of a CSM hour, see CSM_COST_PER_HOUR; currency per hour", _
        "cost of support; currency per year; default 0")
    Application.MacroOptions Macro:="CSM_TIER_MIN_ARR", _
        Description:="Smallest ARR that earns a service tier.", _
        Category:="csmcalc Capacity", ArgumentDescriptions:=Array( _
        "hours of the tier; hours per year and account", _
        "cost of a CSM hour; currency per hour", _
        "gross margin, before support and success cost; share", _
        "part of the gross margin that may go into service; share")
End Sub

Private Sub CsmDescribeHiring()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_RAMP_FACTOR", _
        Description:="Productivity of a CSM some months after the start.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "months in the job; negative before the start, which gives 0; months", _
        "months until fully productive; 0 = at once; months", _
        "productivity on the first day; share; default 0")
    Application.MacroOptions Macro:="CSM_RAMPED_FTE", _
        Description:="Productive CSMs in a team of which some are still ramping.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "heads in each group of starters; CSMs", _
        "months each group has been in the job, negative before the start; months", _
        "months until fully productive; 0 = at once; months", _
        "what each group delivers once ramped, 1 = full, by default 1; share")
    Application.MacroOptions Macro:="CSM_YEAR1_DELIVERED", _
        Description:="Part of an FTE-year that a new CSM delivers in the calendar year of the start.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "months until fully productive; months", _
        "mean productivity during the ramp; share", _
        "month of the year in which the CSM starts, 1 = January; month; default 1")
    Application.MacroOptions Macro:="CSM_ATTRITION_PERIOD", _
        Description:="Attrition of one period that compounds to a yearly rate.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "part of the team that leaves in a year; share", _
        "12 for months, 4 for quarters; periods per year")
    Application.MacroOptions Macro:="CSM_HIRE_BY", _
        Description:="Day on which the search must start for a productive CSM on the day of need.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "day on which the capacity is needed; date", _
        "months until fully productive; months", _
        "months from opening the search to the first day; months")
    Application.MacroOptions Macro:="CSM_MANAGERS", _
        Description:="Managers that a team of CSMs needs.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "CSMs in the team; CSMs", _
        "CSMs one manager leads; CSMs per manager; default 7")
    Application.MacroOptions Macro:="CSM_HIRING_PLAN", _
        Description:="Whom to start when, so that a team meets the CSMs required in every month.", _
        Category:="csmcalc Hiring", ArgumentDescriptions:=Array( _
        "productive CSMs required in each month; CSMs", _
        "heads before the first month, fully ramped; CSMs", _
        "months until fully productive, whole months count; months", _
        "part of the team that leaves in a year, below 1; share", _
        "months from opening the search to the first day; months; default 3", _
        "TRUE hires once the team falls short, FALSE ahead of it; TRUE or FALSE; default FALSE")
End Sub

Private Sub CsmDescribeRetention()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_GRR", _
        Description:="Gross revenue retention of a cohort; never above 1.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "recurring revenue of the cohort at the period start; currency per year", _
        "of it, lost with customers who left; currency per year", _
        "of it, lost with customers who stayed; currency per year")
    Application.MacroOptions Macro:="CSM_NRR", _
        Description:="Net revenue retention of a cohort; new and reactivated customers are left out.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "recurring revenue of the cohort at the period start; currency per year", _
        "gained with customers of the cohort, price included; currency per year", _
        "lost with customers who stayed; currency per year", _
        "lost with customers who left; currency per year")
    Application.MacroOptions Macro:="CSM_LOGO_RETENTION", _
        Description:="Share of the customers of a cohort who stayed.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "customers of the cohort who are still there; customers", _
        "customers at the period start; customers")
    Application.MacroOptions Macro:="CSM_RENEWAL_RATE", _
        Description:="Gross renewal rate on the revenue that was up for renewal.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "recurring revenue up for renewal in the period; currency per year", _
        "of it, lost to churn and contraction; currency per year")
    Application.MacroOptions Macro:="CSM_SAVE_RATE", _
        Description:="Share of the revenue at risk that was saved.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "of the revenue at risk, what renewed; currency per year", _
        "recurring revenue that was flagged at risk; currency per year")
    Application.MacroOptions Macro:="CSM_CONVERT_CHURN", _
        Description:="Churn rate of one period length as that of another; rates compound.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "churn in one period; share", _
        "periods of that length in a year, 12 for months; periods per year", _
        "periods of the wanted length in a year, 1 for years; periods per year")
    Application.MacroOptions Macro:="CSM_DETECTION_RATE", _
        Description:="Share of the lost revenue that had been flagged at risk beforehand.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "lost revenue that had been flagged; currency per year", _
        "all lost revenue; currency per year")
    Application.MacroOptions Macro:="CSM_ARR_END", _
        Description:="ARR at the end of a period: the bridge from the opening.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "ARR at the period start; currency per year", _
        "won with new customers; currency per year", _
        "gained with customers there were; currency per year", _
        "lost with customers who stayed; currency per year", _
        "lost with customers who left; currency per year", _
        "won back from customers who had left earlier; currency per year; default 0")
    Application.MacroOptions Macro:="CSM_QUICK_RATIO", _
        Description:="Recurring revenue gained for each unit lost; reactivation counts as gained.", _
        Category:="csmcalc Retention", ArgumentDescriptions:=Array( _
        "won with new customers; currency per year", _
        "gained with customers there were; currency per year", _
        "lost with customers who left; currency per year", _
        "lost with customers who stayed; currency per year", _
        "won back from customers who had left earlier; currency per year; default 0")
End Sub

Private Sub CsmDescribeEconomics()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_LIFETIME", _
        Description:="Periods that a customer stays on average.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "churn rate of a period; share")
    Application.MacroOptions Macro:="CSM_LTV", _
        Description:="Simple lifetime value of a customer.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "revenue per account; currency per period", _
        "gross margin, before support and success cost; share", _
        "churn rate of the same period; share")
    Application.MacroOptions Macro:="CSM_LTV_DISCOUNTED", _
        Description:="Lifetime value of a customer with money discounted over time.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "revenue per account; currency per period", _
        "gross margin, before support and success cost; share", _
        "churn rate of the same period; share", _
        "discount rate of the same period; share", _
        "TRUE when the customer pays at the start of the period; TRUE or FALSE; default FALSE")
    Application.MacroOptions Macro:="CSM_LTV_NET", _
        Description:="Lifetime value of a customer with expansion, from net revenue retention.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "revenue per account; currency per period", _
        "gross margin, before support and success cost; share", _
        "net revenue retention of the same period, may exceed 1; share", _
        "discount rate of the same period; share")
    Application.MacroOptions Macro:="CSM_LTV_GROWTH", _
        Description:="Skok's discounted lifetime value with revenue that grows linearly.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "revenue per account in the first period; currency per period", _
        "gross margin, before support and success cost; share", _
        "churn rate of the same period; share", _
        "gain in each period as a fraction of the first arpa; share", _
        "discount rate of the same period; share")
    Application.MacroOptions Macro:="CSM_LTV_COHORT", _
        Description:="Lifetime value of a customer from the survival of a cohort over a finite horizon.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "share of the cohort still there in each period, the first is period 0; share", _
        "gross margin per customer; currency per period", _
        "discount rate of the same period; share")
    Application.MacroOptions Macro:="CSM_CAC", _
        Description:="Cost of acquiring one customer.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "sales and marketing cost, lagged by the sales cycle; currency", _
        "customers won with it; customers")
    Application.MacroOptions Macro:="CSM_CAC_RATIO", _
        Description:="Cost of winning one unit of new ARR.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "sales and marketing cost, lagged by the sales cycle; currency", _
        "ARR won from new customers with it; currency per year")
    Application.MacroOptions Macro:="CSM_CAC_PAYBACK", _
        Description:="Months until the gross margin of new customers has repaid their acquisition.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "sales and marketing cost, lagged by the sales cycle; currency", _
        "ARR won from new customers with it; currency per year", _
        "gross margin, before support and success cost; share")
    Application.MacroOptions Macro:="CSM_LTV_CAC", _
        Description:="Lifetime value for each unit of acquisition cost; 3 or more is held healthy.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "lifetime value of a customer; currency", _
        "acquisition cost of a customer; currency")
    Application.MacroOptions Macro:="CSM_MAGIC_NUMBER", _
        Description:="Yearly revenue gained for each unit of the prior quarter's sales and marketing.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "revenue of the quarter, not ARR; currency per quarter", _
        "revenue of the quarter before; currency per quarter", _
        "sales and marketing cost of the quarter before; currency")
    Application.MacroOptions Macro:="CSM_CONTRIBUTION", _
        Description:="What a customer leaves after delivery, support and success.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "recurring revenue; currency per year", _
        "gross margin, before support and success cost; share", _
        "cost of support; currency per year", _
        "cost of customer success; currency per year")
    Application.MacroOptions Macro:="CSM_MARGIN_GUARD", _
        Description:="Whether the cost of service stays below the recurring revenue assigned.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "recurring revenue assigned; currency per year", _
        "cost of support; currency per year", _
        "cost of customer success; currency per year", _
        "part of the revenue that service may take; share; default 1")
    Application.MacroOptions Macro:="CSM_BREAKEVEN_GRR", _
        Description:="Gross retention that a CSM must add to pay for itself.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "loaded cost of the CSM; currency per year", _
        "ARR of the accounts covered; currency per year", _
        "gross margin, before support and success cost, unused with a multiple; share", _
        "value of the company per unit of ARR, for the value view; multiple")
    Application.MacroOptions Macro:="CSM_BREAKEVEN_EXPANSION", _
        Description:="ARR that a CSM must save or expand to pay for itself.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "loaded cost of the CSM; currency per year", _
        "gross margin, before support and success cost; share")
    Application.MacroOptions Macro:="CSM_INDIFFERENCE_GRR", _
        Description:="Gross retention that may be lost before a leaner service stops paying.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "service cost saved on the cohort; currency per year", _
        "ARR of the cohort; currency per year", _
        "gross margin, before support and success cost; share")
    Application.MacroOptions Macro:="CSM_STRICT_GUARD", _
        Description:="Whether the contribution also repays the acquisition cost in time.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "what the customer leaves after service; currency per year", _
        "acquisition cost of the customer; currency", _
        "years in which it must be repaid; years")
    Application.MacroOptions Macro:="CSM_HIRE_CASE", _
        Description:="The case for a hire: ARR retained, profit, payback months and margin of safety.", _
        Category:="csmcalc Economics", ArgumentDescriptions:=Array( _
        "loaded cost of the hires; currency per year", _
        "ARR of the accounts they would cover; currency per year", _
        "gross retention of covered accounts; share", _
        "gross retention of uncovered accounts; share", _
        "gross margin, before support and success cost; share")
End Sub

Private Sub CsmDescribeSegments()
    On Error Resume Next
    Application.MacroOptions Macro:="BCG_SEGMENT", _
        Description:="BCG segment of a customer on profitability and growth potential.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "contribution at standard service as a share of revenue; share", _
        "growth rate, or expected ACV multiple less 1; share", _
        "where profitability begins to be high; share; default 0", _
        "where growth begins to be high; share; default 0.1", _
        "half-width on both axes inside which previous keeps its side, inclusive; share; default 0", _
        "segment of the period before, blank when there was none; text")
    Application.MacroOptions Macro:="BCG_THRESHOLD", _
        Description:="Threshold between low and high, read off the customers themselves.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "profitability or growth of the customers; any unit", _
        "median, mean, weighted or percentile; text; default ""median""", _
        "weight of each customer, such as its ARR, for the weighted mean; any unit", _
        "which one, for the method percentile; share; default 0.5")
    Application.MacroOptions Macro:="BCG_DISTANCE", _
        Description:="How near a customer is to another segment.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "contribution at standard service as a share of revenue; share", _
        "growth rate, or expected ACV multiple less 1; share", _
        "where profitability begins to be high; share; default 0", _
        "where growth begins to be high; share; default 0.1")
    Application.MacroOptions Macro:="BCG_ACTION", _
        Description:="What to do with the customers of a BCG segment.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "Star, Cash Cow, Question Mark or Poor Dog, in any case; text")
    Application.MacroOptions Macro:="CSM_TIER", _
        Description:="Service tier of a customer by its ARR.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "ARR of the customer; currency per year", _
        "where the next tier begins, ascending; currency per year", _
        "names of the tiers, lowest first, one more than cuts; text")
    Application.MacroOptions Macro:="CSM_NINE_BOX", _
        Description:="Cell of the nine-box (GE-McKinsey) matrix for two weighted scores.", _
        Category:="csmcalc Segments", ArgumentDescriptions:=Array( _
        "score on the first axis; share", _
        "score on the second axis; share", _
        "where medium begins on both axes; share; default 1/3", _
        "where high begins on both axes; share; default 2/3")
End Sub

Private Sub CsmDescribeOptimum()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_RESPONSE", _
        Description:="Net retention of a customer at some hours of service, from three judged points.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "service to judge; hours per year and account", _
        "net retention without service, may exceed 1; share", _
        "net retention at today's hours; share", _
        "net retention that no service can lift further; share", _
        "service the account has today; hours per year and account")
    Application.MacroOptions Macro:="CSM_ADBUDG", _
        Description:="Response to effort on Little's ADBUDG curve; S-shaped where c > 1.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "effort, 1 = today; multiple", _
        "response without effort; any unit", _
        "response that no effort can lift further; the unit of y0", _
        "shape of the curve; exponent", _
        "where the curve rises, effort^c at half the way; number")
    Application.MacroOptions Macro:="CSM_ADBUDG_FIT", _
        Description:="Shape of the ADBUDG curve from four judged responses.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "response without effort; any unit", _
        "response at today's effort; the unit of y0", _
        "response at half as much effort again; the unit of y0", _
        "response that no effort can lift further; the unit of y0")
    Application.MacroOptions Macro:="CSM_ADBUDG_LSQ", _
        Description:="ADBUDG curve through observed responses, by least squares.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "effort of each observation, 1 = today; multiple", _
        "response observed; any unit")
    Application.MacroOptions Macro:="CSM_OPTIMAL_HEADCOUNT", _
        Description:="Whole CSMs that maximise the value of all customers, net of what the CSMs cost.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table", _
        "what a CSM costs a year; currency per year and CSM", _
        "hours a CSM has for customers; hours per year and CSM", _
        "margin before support and success cost; share", _
        "discount rate; share a year", _
        "years for which what is retained counts; years", _
        "TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE")
    Application.MacroOptions Macro:="CSM_VALUE_CURVE", _
        Description:="Net value of every headcount, from the fewest that cover the minimum hours.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table", _
        "what a CSM costs a year; currency per year and CSM", _
        "hours a CSM has for customers; hours per year and CSM", _
        "margin before support and success cost; share", _
        "discount rate; share a year", _
        "years for which what is retained counts; years", _
        "TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE", _
        "where the curve ends, by default with the last useful CSM; CSMs")
    Application.MacroOptions Macro:="CSM_SERVICE_HOURS", _
        Description:="Hours a year for an account of each segment when a team's hours go where they bring most.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table", _
        "what a CSM costs a year; currency per year and CSM", _
        "hours a CSM has for customers; hours per year and CSM", _
        "margin before support and success cost; share", _
        "discount rate; share a year", _
        "years for which what is retained counts; years", _
        "CSMs in the team; CSMs", _
        "TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE")
    Application.MacroOptions Macro:="CSM_NEXT_VALUE", _
        Description:="What one CSM more would be worth, before the cost.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table", _
        "what a CSM costs a year; currency per year and CSM", _
        "hours a CSM has for customers; hours per year and CSM", _
        "margin before support and success cost; share", _
        "discount rate; share a year", _
        "years for which what is retained counts; years", _
        "CSMs in the team before; CSMs", _
        "TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE")
    Application.MacroOptions Macro:="CSM_RULE_GAP", _
        Description:="Net value lost by hiring as the ARR rule says, its hours still given where they bring most.", _
        Category:="csmcalc Optimum", ArgumentDescriptions:=Array( _
        "a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table", _
        "what a CSM costs a year; currency per year and CSM", _
        "hours a CSM has for customers; hours per year and CSM", _
        "margin before support and success cost; share", _
        "discount rate; share a year", _
        "years for which what is retained counts; years", _
        "TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE", _
        "ARR that one CSM covers by the rule; currency per year and CSM; default 2000000")
End Sub

Private Sub CsmDescribeBalance()
    On Error Resume Next
    Application.MacroOptions Macro:="CSM_BALANCE_CV", _
        Description:="Coefficient of variation of the loads; 0 = perfectly even.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "load of each CSM, such as hours or ARR; any unit")
    Application.MacroOptions Macro:="CSM_GINI", _
        Description:="Gini coefficient of the loads; 0 = perfectly even, near 1 = all on one.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "load of each CSM, such as hours or ARR; any unit")
    Application.MacroOptions Macro:="CSM_MAX_MIN", _
        Description:="Largest load for each unit of the smallest; 1 = perfectly even.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "load of each CSM, such as hours or ARR; any unit")
    Application.MacroOptions Macro:="CSM_OUTSIDE", _
        Description:="How many loads lie outside the mean plus or minus a tolerance.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "load of each CSM, such as hours or ARR; any unit", _
        "half-width of the corridor relative to the mean; share; default 0.15")
    Application.MacroOptions Macro:="CSM_WEIGHTED_MEAN", _
        Description:="Mean of values by weights.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "values, such as a rate by segment; any unit", _
        "weight of each, such as its ARR; any unit")
    Application.MacroOptions Macro:="CSM_ASSIGN", _
        Description:="Owner of each customer: hours, ARR and risk even by the CSMs' hours, few changes of owner.", _
        Category:="csmcalc Balance", ArgumentDescriptions:=Array( _
        "a row a customer: id, arr, hours, [risk], [owner], [region]; table", _
        "a row a CSM: name, hours, [region]; table", _
        "what a change of owner counts beside balance; points per %; default 0.25")
End Sub
