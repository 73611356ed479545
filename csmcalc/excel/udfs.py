"""The functions as xlwings calls them. Written by python -m addin.build; do not edit."""

# mypy: ignore-errors
import xlwings as xw

from csmcalc import __version__
from csmcalc.excel.bridge import call, last_error, rows_of


@xw.func(category="csmcalc")
@xw.ret("raw")
def CSM_LAST_ERROR():
    """The reason of the last error a function gave, empty when there was none."""
    return rows_of(last_error())


@xw.func(category="csmcalc")
@xw.ret("raw")
def CSM_VERSION():
    """The versions of csmcalc and of xlwings that answer."""
    return rows_of(f"csmcalc {__version__}, xlwings {xw.__version__}")


@xw.func(category="csmcalc Ratio")
@xw.arg("arr", "raw", doc='ARR (or ACV) to cover; currency per year')
@xw.arg("arr_per_csm", "raw", doc='ARR that one CSM covers; currency per year and CSM; default 2000000')
@xw.arg("in_arrears", "raw", doc='TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE')
@xw.ret("raw")
def CSM_RATIO(arr, arr_per_csm=None, in_arrears=None):
    'Whole CSMs that the ARR-per-CSM rule asks for.'
    return rows_of(call('CSM_RATIO', arr, arr_per_csm, in_arrears))


@xw.func(category="csmcalc Ratio")
@xw.arg("arr", "raw", doc='ARR (or ACV) covered; currency per year')
@xw.arg("csms", "raw", doc='CSMs who cover it; CSMs')
@xw.ret("raw")
def CSM_IMPLIED_RATIO(arr, csms):
    'ARR that one CSM covers today.'
    return rows_of(call('CSM_IMPLIED_RATIO', arr, csms))


@xw.func(category="csmcalc Ratio")
@xw.arg("csms", "raw", doc='CSMs in the team; CSMs')
@xw.arg("arr_per_csm", "raw", doc='ARR that one CSM covers; currency per year and CSM; default 2000000')
@xw.arg("in_arrears", "raw", doc='TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE')
@xw.ret("raw")
def CSM_MAX_ARR(csms, arr_per_csm=None, in_arrears=None):
    'ARR that a team can cover under the ARR-per-CSM rule.'
    return rows_of(call('CSM_MAX_ARR', csms, arr_per_csm, in_arrears))


@xw.func(category="csmcalc Ratio")
@xw.arg("csms", "raw", doc='CSMs in the team; CSMs')
@xw.arg("arr", "raw", doc='ARR (or ACV) they cover today; currency per year')
@xw.arg("arr_per_csm", "raw", doc='ARR that one CSM covers; currency per year and CSM; default 2000000')
@xw.arg("in_arrears", "raw", doc='TRUE while hiring in arrears, until caught up; TRUE or FALSE; default FALSE')
@xw.ret("raw")
def CSM_HEADROOM(csms, arr, arr_per_csm=None, in_arrears=None):
    'ARR that a team can still take on under the rule; negative when it is over.'
    return rows_of(call('CSM_HEADROOM', csms, arr, arr_per_csm, in_arrears))


@xw.func(category="csmcalc Ratio")
@xw.arg("accounts", "raw", doc='accounts to cover; accounts')
@xw.arg("accounts_per_csm", "raw", doc='accounts that one CSM covers; accounts per CSM')
@xw.ret("raw")
def CSM_ACCOUNTS_RATIO(accounts, accounts_per_csm):
    'Whole CSMs that an accounts-per-CSM rule asks for.'
    return rows_of(call('CSM_ACCOUNTS_RATIO', accounts, accounts_per_csm))


@xw.func(category="csmcalc Ratio")
@xw.arg("arr_per_csm", "raw", doc='ARR that one CSM covers; currency per year and CSM')
@xw.arg("acv", "raw", doc='mean contract value of an account; currency per year')
@xw.ret("raw")
def CSM_ACCOUNTS_PER_CSM(arr_per_csm, acv):
    'Accounts that an ARR-per-CSM rule gives one CSM, exact.'
    return rows_of(call('CSM_ACCOUNTS_PER_CSM', arr_per_csm, acv))


@xw.func(category="csmcalc Ratio")
@xw.arg("arr", "raw", doc='ARR at the start of the period; currency per year')
@xw.arg("growth", "raw", doc='growth of ARR aimed at over the period; share')
@xw.arg("nrr", "raw", doc='net revenue retention over the same period, may exceed 1; share')
@xw.ret("raw")
def CSM_NEW_ARR_NEEDED(arr, growth, nrr):
    'New-customer ARR that a growth target leaves to win after net retention.'
    return rows_of(call('CSM_NEW_ARR_NEEDED', arr, growth, nrr))


@xw.func(category="csmcalc Ratio")
@xw.arg("arr_per_csm", "raw", doc='target where CSMs earn the reference pay; currency per year and CSM')
@xw.arg("local_comp", "raw", doc='yearly compensation of a CSM there; currency per year')
@xw.arg("reference_comp", "raw", doc='yearly compensation behind the target; currency per year')
@xw.ret("raw")
def CSM_SCALED_TARGET(arr_per_csm, local_comp, reference_comp):
    'ARR-per-CSM target of a place where CSMs cost more or less than the reference.'
    return rows_of(call('CSM_SCALED_TARGET', arr_per_csm, local_comp, reference_comp))


@xw.func(category="csmcalc Capacity")
@xw.arg("calendar", "raw", doc='hours in the contract; hours per year; default 2080')
@xw.arg("pto", "raw", doc='paid time off; hours per year; default 160')
@xw.arg("sick", "raw", doc='sick leave; hours per year; default 40')
@xw.arg("internal_share", "raw", doc='part of the remaining time that goes to internal work; share; default 1/3')
@xw.arg("realisation", "raw", doc='part of the customer time that reaches customers; share; default 0.85')
@xw.ret("raw")
def CSM_EFFECTIVE_HOURS(calendar=None, pto=None, sick=None, internal_share=None, realisation=None):
    'Hours a year that one CSM really has for customers.'
    return rows_of(call('CSM_EFFECTIVE_HOURS', calendar, pto, sick, internal_share, realisation))


@xw.func(category="csmcalc Capacity")
@xw.arg("ote", "raw", doc='on-target earnings of a CSM; currency per year')
@xw.arg("loading", "raw", doc='multiplier for benefits, taxes, tools and space, 1 or more; multiple')
@xw.ret("raw")
def CSM_LOADED_COST(ote, loading):
    'Yearly cost of one CSM with everything on top of the pay.'
    return rows_of(call('CSM_LOADED_COST', ote, loading))


@xw.func(category="csmcalc Capacity")
@xw.arg("ote", "raw", doc='on-target earnings of a CSM; currency per year')
@xw.arg("loading", "raw", doc='multiplier for benefits, taxes, tools and space, 1 or more; multiple')
@xw.arg("effective_hours", "raw", doc='customer-facing hours of one CSM; hours per year')
@xw.ret("raw")
def CSM_COST_PER_HOUR(ote, loading, effective_hours):
    'Cost of one customer-facing hour of a CSM.'
    return rows_of(call('CSM_COST_PER_HOUR', ote, loading, effective_hours))


@xw.func(category="csmcalc Capacity")
@xw.arg("scheduled", "raw", doc='planned touches, see CSM_ACTIVITY_HOURS; hours per year and account')
@xw.arg("reactive", "raw", doc='unplanned work; hours per year and account')
@xw.arg("onboarding_hours", "raw", doc='work to bring one new account up; hours')
@xw.arg("new_accounts", "raw", doc='accounts onboarded in the year; accounts')
@xw.arg("accounts", "raw", doc='all accounts of the segment; accounts')
@xw.arg("complexity", "raw", doc='multiplier for demanding accounts, see CSM_COMPLEXITY; multiple; default 1')
@xw.ret("raw")
def CSM_ACCOUNT_HOURS(scheduled, reactive, onboarding_hours, new_accounts, accounts, complexity=None):
    'Hours a year that one account of a segment needs on average.'
    return rows_of(call('CSM_ACCOUNT_HOURS', scheduled, reactive, onboarding_hours, new_accounts, accounts, complexity))


@xw.func(category="csmcalc Capacity")
@xw.arg("frequency", "raw", doc='how often each activity happens; times per year')
@xw.arg("hours", "raw", doc='what it takes each time, preparation included; hours')
@xw.ret("raw")
def CSM_ACTIVITY_HOURS(frequency, hours):
    'Hours a year that a calendar of touches takes for one account.'
    return rows_of(call('CSM_ACTIVITY_HOURS', frequency, hours))


@xw.func(category="csmcalc Capacity")
@xw.arg("hours", "raw", doc='customer-facing hours of the period; hours')
@xw.arg("accounts", "raw", doc='accounts in the book; accounts')
@xw.ret("raw")
def CSM_HOURS_PER_ACCOUNT(hours, accounts):
    'Hours that remain for each account of a book.'
    return rows_of(call('CSM_HOURS_PER_ACCOUNT', hours, accounts))


@xw.func(category="csmcalc Capacity")
@xw.arg("mean_score", "raw", doc='mean of the complexity scores, 0 = plain; score')
@xw.arg("divisor", "raw", doc='score that doubles the hours; score; default 8')
@xw.arg("cap", "raw", doc='the most the multiplier may be, 1 or more; multiple; default 2')
@xw.ret("raw")
def CSM_COMPLEXITY(mean_score, divisor=None, cap=None):
    'Multiplier on the hours of demanding accounts.'
    return rows_of(call('CSM_COMPLEXITY', mean_score, divisor, cap))


@xw.func(category="csmcalc Capacity")
@xw.arg("days_since_start", "raw", doc='days since the account started; days')
@xw.arg("factor", "raw", doc='multiplier during the window; multiple; default 3')
@xw.arg("window", "raw", doc='length of the onboarding, the last day included; days; default 90')
@xw.arg("taper", "raw", doc='time over which the factor falls to 1 afterwards, 0 = at once; days; default 0')
@xw.ret("raw")
def CSM_ONBOARDING_FACTOR(days_since_start, factor=None, window=None, taper=None):
    'Multiplier on the hours of an account that is being onboarded.'
    return rows_of(call('CSM_ONBOARDING_FACTOR', days_since_start, factor, window, taper))


@xw.func(category="csmcalc Capacity")
@xw.arg("share_onboarding", "raw", doc='part of the book in onboarding; share')
@xw.arg("onboarding_factor", "raw", doc='multiplier of an account in onboarding; multiple')
@xw.ret("raw")
def CSM_BLENDED_LOAD(share_onboarding, onboarding_factor):
    'Multiplier on the hours of a book of which a part is being onboarded.'
    return rows_of(call('CSM_BLENDED_LOAD', share_onboarding, onboarding_factor))


@xw.func(category="csmcalc Capacity")
@xw.arg("effective_hours", "raw", doc='customer-facing hours of one CSM; hours per year')
@xw.arg("hours_per_account", "raw", doc='hours that one account needs; hours per year and account')
@xw.ret("raw")
def CSM_BOOK_SIZE(effective_hours, hours_per_account):
    'Accounts that fit into the hours of one CSM, exact.'
    return rows_of(call('CSM_BOOK_SIZE', effective_hours, hours_per_account))


@xw.func(category="csmcalc Capacity")
@xw.arg("accounts", "raw", doc='accounts of each segment; accounts')
@xw.arg("hours", "raw", doc='hours that one account of the segment needs; hours per year and account')
@xw.arg("effective_hours", "raw", doc='customer-facing hours of one CSM; hours per year')
@xw.ret("raw")
def CSM_WORKLOAD_FTE(accounts, hours, effective_hours):
    'CSMs that the workload asks for, exact.'
    return rows_of(call('CSM_WORKLOAD_FTE', accounts, hours, effective_hours))


@xw.func(category="csmcalc Capacity")
@xw.arg("required", "raw", doc='hours the accounts need; hours per year')
@xw.arg("available", "raw", doc='hours the team has; hours per year')
@xw.ret("raw")
def CSM_UTILISATION(required, available):
    'How much of the available hours the work takes; above 1 the team is short.'
    return rows_of(call('CSM_UTILISATION', required, available))


@xw.func(category="csmcalc Capacity")
@xw.arg("hours", "raw", doc='CSM hours the account takes; hours per year')
@xw.arg("cost_per_hour", "raw", doc='cost of a CSM hour, see CSM_COST_PER_HOUR; currency per hour')
@xw.arg("support_cost", "raw", doc='cost of support; currency per year; default 0')
@xw.ret("raw")
def CSM_COST_TO_SERVE(hours, cost_per_hour, support_cost=None):
    'Yearly cost of serving an account: success and support.'
    return rows_of(call('CSM_COST_TO_SERVE', hours, cost_per_hour, support_cost))


@xw.func(category="csmcalc Capacity")
@xw.arg("hours", "raw", doc='hours of the tier; hours per year and account')
@xw.arg("cost_per_hour", "raw", doc='cost of a CSM hour; currency per hour')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("service_share", "raw", doc='part of the gross margin that may go into service; share')
@xw.ret("raw")
def CSM_TIER_MIN_ARR(hours, cost_per_hour, gross_margin, service_share):
    'Smallest ARR that earns a service tier.'
    return rows_of(call('CSM_TIER_MIN_ARR', hours, cost_per_hour, gross_margin, service_share))


@xw.func(category="csmcalc Hiring")
@xw.arg("tenure_months", "raw", doc='months in the job; negative before the start, which gives 0; months')
@xw.arg("ramp_months", "raw", doc='months until fully productive; 0 = at once; months')
@xw.arg("start_share", "raw", doc='productivity on the first day; share; default 0')
@xw.ret("raw")
def CSM_RAMP_FACTOR(tenure_months, ramp_months, start_share=None):
    'Productivity of a CSM some months after the start.'
    return rows_of(call('CSM_RAMP_FACTOR', tenure_months, ramp_months, start_share))


@xw.func(category="csmcalc Hiring")
@xw.arg("heads", "raw", doc='heads in each group of starters; CSMs')
@xw.arg("tenure", "raw", doc='months each group has been in the job, negative before the start; months')
@xw.arg("ramp_months", "raw", doc='months until fully productive; 0 = at once; months')
@xw.arg("attainment", "raw", doc='what each group delivers once ramped, 1 = full, by default 1; share')
@xw.ret("raw")
def CSM_RAMPED_FTE(heads, tenure, ramp_months, attainment=None):
    'Productive CSMs in a team of which some are still ramping.'
    return rows_of(call('CSM_RAMPED_FTE', heads, tenure, ramp_months, attainment))


@xw.func(category="csmcalc Hiring")
@xw.arg("ramp_months", "raw", doc='months until fully productive; months')
@xw.arg("mean_productivity", "raw", doc='mean productivity during the ramp; share')
@xw.arg("start_month", "raw", doc='month of the year in which the CSM starts, 1 = January; month; default 1')
@xw.ret("raw")
def CSM_YEAR1_DELIVERED(ramp_months, mean_productivity, start_month=None):
    'Part of an FTE-year that a new CSM delivers in the calendar year of the start.'
    return rows_of(call('CSM_YEAR1_DELIVERED', ramp_months, mean_productivity, start_month))


@xw.func(category="csmcalc Hiring")
@xw.arg("annual_rate", "raw", doc='part of the team that leaves in a year; share')
@xw.arg("periods_per_year", "raw", doc='12 for months, 4 for quarters; periods per year')
@xw.ret("raw")
def CSM_ATTRITION_PERIOD(annual_rate, periods_per_year):
    'Attrition of one period that compounds to a yearly rate.'
    return rows_of(call('CSM_ATTRITION_PERIOD', annual_rate, periods_per_year))


@xw.func(category="csmcalc Hiring")
@xw.arg("need_date", "raw", doc='day on which the capacity is needed; date')
@xw.arg("ramp_months", "raw", doc='months until fully productive; months')
@xw.arg("months_to_fill", "raw", doc='months from opening the search to the first day; months')
@xw.ret("raw")
def CSM_HIRE_BY(need_date, ramp_months, months_to_fill):
    'Day on which the search must start for a productive CSM on the day of need.'
    return rows_of(call('CSM_HIRE_BY', need_date, ramp_months, months_to_fill))


@xw.func(category="csmcalc Hiring")
@xw.arg("csms", "raw", doc='CSMs in the team; CSMs')
@xw.arg("span", "raw", doc='CSMs one manager leads; CSMs per manager; default 7')
@xw.ret("raw")
def CSM_MANAGERS(csms, span=None):
    'Managers that a team of CSMs needs.'
    return rows_of(call('CSM_MANAGERS', csms, span))


@xw.func(category="csmcalc Hiring")
@xw.arg("required", "raw", doc='productive CSMs required in each month; CSMs')
@xw.arg("starting_csms", "raw", doc='heads before the first month, fully ramped; CSMs')
@xw.arg("ramp_months", "raw", doc='months until fully productive, whole months count; months')
@xw.arg("annual_attrition", "raw", doc='part of the team that leaves in a year, below 1; share')
@xw.arg("months_to_fill", "raw", doc='months from opening the search to the first day; months; default 3')
@xw.arg("in_arrears", "raw", doc='TRUE hires once the team falls short, FALSE ahead of it; TRUE or FALSE; default FALSE')
@xw.ret("raw")
def CSM_HIRING_PLAN(required, starting_csms, ramp_months, annual_attrition, months_to_fill=None, in_arrears=None):
    'Whom to start when, so that a team meets the CSMs required in every month.'
    return rows_of(call('CSM_HIRING_PLAN', required, starting_csms, ramp_months, annual_attrition, months_to_fill, in_arrears))


@xw.func(category="csmcalc Retention")
@xw.arg("start", "raw", doc='recurring revenue of the cohort at the period start; currency per year')
@xw.arg("churn", "raw", doc='of it, lost with customers who left; currency per year')
@xw.arg("contraction", "raw", doc='of it, lost with customers who stayed; currency per year')
@xw.ret("raw")
def CSM_GRR(start, churn, contraction):
    'Gross revenue retention of a cohort; never above 1.'
    return rows_of(call('CSM_GRR', start, churn, contraction))


@xw.func(category="csmcalc Retention")
@xw.arg("start", "raw", doc='recurring revenue of the cohort at the period start; currency per year')
@xw.arg("expansion", "raw", doc='gained with customers of the cohort, price included; currency per year')
@xw.arg("contraction", "raw", doc='lost with customers who stayed; currency per year')
@xw.arg("churn", "raw", doc='lost with customers who left; currency per year')
@xw.ret("raw")
def CSM_NRR(start, expansion, contraction, churn):
    'Net revenue retention of a cohort; new and reactivated customers are left out.'
    return rows_of(call('CSM_NRR', start, expansion, contraction, churn))


@xw.func(category="csmcalc Retention")
@xw.arg("kept", "raw", doc='customers of the cohort who are still there; customers')
@xw.arg("start", "raw", doc='customers at the period start; customers')
@xw.ret("raw")
def CSM_LOGO_RETENTION(kept, start):
    'Share of the customers of a cohort who stayed.'
    return rows_of(call('CSM_LOGO_RETENTION', kept, start))


@xw.func(category="csmcalc Retention")
@xw.arg("available_to_renew", "raw", doc='recurring revenue up for renewal in the period; currency per year')
@xw.arg("lost", "raw", doc='of it, lost to churn and contraction; currency per year')
@xw.ret("raw")
def CSM_RENEWAL_RATE(available_to_renew, lost):
    'Gross renewal rate on the revenue that was up for renewal.'
    return rows_of(call('CSM_RENEWAL_RATE', available_to_renew, lost))


@xw.func(category="csmcalc Retention")
@xw.arg("saved", "raw", doc='of the revenue at risk, what renewed; currency per year')
@xw.arg("at_risk", "raw", doc='recurring revenue that was flagged at risk; currency per year')
@xw.ret("raw")
def CSM_SAVE_RATE(saved, at_risk):
    'Share of the revenue at risk that was saved.'
    return rows_of(call('CSM_SAVE_RATE', saved, at_risk))


@xw.func(category="csmcalc Retention")
@xw.arg("rate", "raw", doc='churn in one period; share')
@xw.arg("from_per_year", "raw", doc='periods of that length in a year, 12 for months; periods per year')
@xw.arg("to_per_year", "raw", doc='periods of the wanted length in a year, 1 for years; periods per year')
@xw.ret("raw")
def CSM_CONVERT_CHURN(rate, from_per_year, to_per_year):
    'Churn rate of one period length as that of another; rates compound.'
    return rows_of(call('CSM_CONVERT_CHURN', rate, from_per_year, to_per_year))


@xw.func(category="csmcalc Retention")
@xw.arg("flagged_lost", "raw", doc='lost revenue that had been flagged; currency per year')
@xw.arg("total_lost", "raw", doc='all lost revenue; currency per year')
@xw.ret("raw")
def CSM_DETECTION_RATE(flagged_lost, total_lost):
    'Share of the lost revenue that had been flagged at risk beforehand.'
    return rows_of(call('CSM_DETECTION_RATE', flagged_lost, total_lost))


@xw.func(category="csmcalc Retention")
@xw.arg("opening", "raw", doc='ARR at the period start; currency per year')
@xw.arg("new_arr", "raw", doc='won with new customers; currency per year')
@xw.arg("expansion", "raw", doc='gained with customers there were; currency per year')
@xw.arg("contraction", "raw", doc='lost with customers who stayed; currency per year')
@xw.arg("churn", "raw", doc='lost with customers who left; currency per year')
@xw.arg("reactivation", "raw", doc='won back from customers who had left earlier; currency per year; default 0')
@xw.ret("raw")
def CSM_ARR_END(opening, new_arr, expansion, contraction, churn, reactivation=None):
    'ARR at the end of a period: the bridge from the opening.'
    return rows_of(call('CSM_ARR_END', opening, new_arr, expansion, contraction, churn, reactivation))


@xw.func(category="csmcalc Retention")
@xw.arg("new_arr", "raw", doc='won with new customers; currency per year')
@xw.arg("expansion", "raw", doc='gained with customers there were; currency per year')
@xw.arg("churn", "raw", doc='lost with customers who left; currency per year')
@xw.arg("contraction", "raw", doc='lost with customers who stayed; currency per year')
@xw.arg("reactivation", "raw", doc='won back from customers who had left earlier; currency per year; default 0')
@xw.ret("raw")
def CSM_QUICK_RATIO(new_arr, expansion, churn, contraction, reactivation=None):
    'Recurring revenue gained for each unit lost; reactivation counts as gained.'
    return rows_of(call('CSM_QUICK_RATIO', new_arr, expansion, churn, contraction, reactivation))


@xw.func(category="csmcalc Economics")
@xw.arg("churn", "raw", doc='churn rate of a period; share')
@xw.ret("raw")
def CSM_LIFETIME(churn):
    'Periods that a customer stays on average.'
    return rows_of(call('CSM_LIFETIME', churn))


@xw.func(category="csmcalc Economics")
@xw.arg("arpa", "raw", doc='revenue per account; currency per period')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("churn", "raw", doc='churn rate of the same period; share')
@xw.ret("raw")
def CSM_LTV(arpa, gross_margin, churn):
    'Simple lifetime value of a customer.'
    return rows_of(call('CSM_LTV', arpa, gross_margin, churn))


@xw.func(category="csmcalc Economics")
@xw.arg("arpa", "raw", doc='revenue per account; currency per period')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("churn", "raw", doc='churn rate of the same period; share')
@xw.arg("discount", "raw", doc='discount rate of the same period; share')
@xw.arg("in_advance", "raw", doc='TRUE when the customer pays at the start of the period; TRUE or FALSE; default FALSE')
@xw.ret("raw")
def CSM_LTV_DISCOUNTED(arpa, gross_margin, churn, discount, in_advance=None):
    'Lifetime value of a customer with money discounted over time.'
    return rows_of(call('CSM_LTV_DISCOUNTED', arpa, gross_margin, churn, discount, in_advance))


@xw.func(category="csmcalc Economics")
@xw.arg("arpa", "raw", doc='revenue per account; currency per period')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("nrr", "raw", doc='net revenue retention of the same period, may exceed 1; share')
@xw.arg("discount", "raw", doc='discount rate of the same period; share')
@xw.ret("raw")
def CSM_LTV_NET(arpa, gross_margin, nrr, discount):
    'Lifetime value of a customer with expansion, from net revenue retention.'
    return rows_of(call('CSM_LTV_NET', arpa, gross_margin, nrr, discount))


@xw.func(category="csmcalc Economics")
@xw.arg("arpa", "raw", doc='revenue per account in the first period; currency per period')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("churn", "raw", doc='churn rate of the same period; share')
@xw.arg("growth", "raw", doc='gain in each period as a fraction of the first arpa; share')
@xw.arg("discount", "raw", doc='discount rate of the same period; share')
@xw.ret("raw")
def CSM_LTV_GROWTH(arpa, gross_margin, churn, growth, discount):
    "Skok's discounted lifetime value with revenue that grows linearly."
    return rows_of(call('CSM_LTV_GROWTH', arpa, gross_margin, churn, growth, discount))


@xw.func(category="csmcalc Economics")
@xw.arg("survival", "raw", doc='share of the cohort still there in each period, the first is period 0; share')
@xw.arg("margin", "raw", doc='gross margin per customer; currency per period')
@xw.arg("discount", "raw", doc='discount rate of the same period; share')
@xw.ret("raw")
def CSM_LTV_COHORT(survival, margin, discount):
    'Lifetime value of a customer from the survival of a cohort over a finite horizon.'
    return rows_of(call('CSM_LTV_COHORT', survival, margin, discount))


@xw.func(category="csmcalc Economics")
@xw.arg("sales_marketing", "raw", doc='sales and marketing cost, lagged by the sales cycle; currency')
@xw.arg("new_customers", "raw", doc='customers won with it; customers')
@xw.ret("raw")
def CSM_CAC(sales_marketing, new_customers):
    'Cost of acquiring one customer.'
    return rows_of(call('CSM_CAC', sales_marketing, new_customers))


@xw.func(category="csmcalc Economics")
@xw.arg("sales_marketing", "raw", doc='sales and marketing cost, lagged by the sales cycle; currency')
@xw.arg("new_arr", "raw", doc='ARR won from new customers with it; currency per year')
@xw.ret("raw")
def CSM_CAC_RATIO(sales_marketing, new_arr):
    'Cost of winning one unit of new ARR.'
    return rows_of(call('CSM_CAC_RATIO', sales_marketing, new_arr))


@xw.func(category="csmcalc Economics")
@xw.arg("sales_marketing", "raw", doc='sales and marketing cost, lagged by the sales cycle; currency')
@xw.arg("new_arr", "raw", doc='ARR won from new customers with it; currency per year')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.ret("raw")
def CSM_CAC_PAYBACK(sales_marketing, new_arr, gross_margin):
    'Months until the gross margin of new customers has repaid their acquisition.'
    return rows_of(call('CSM_CAC_PAYBACK', sales_marketing, new_arr, gross_margin))


@xw.func(category="csmcalc Economics")
@xw.arg("ltv", "raw", doc='lifetime value of a customer; currency')
@xw.arg("cac", "raw", doc='acquisition cost of a customer; currency')
@xw.ret("raw")
def CSM_LTV_CAC(ltv, cac):
    'Lifetime value for each unit of acquisition cost; 3 or more is held healthy.'
    return rows_of(call('CSM_LTV_CAC', ltv, cac))


@xw.func(category="csmcalc Economics")
@xw.arg("revenue", "raw", doc='revenue of the quarter, not ARR; currency per quarter')
@xw.arg("prior_revenue", "raw", doc='revenue of the quarter before; currency per quarter')
@xw.arg("prior_sales_marketing", "raw", doc='sales and marketing cost of the quarter before; currency')
@xw.ret("raw")
def CSM_MAGIC_NUMBER(revenue, prior_revenue, prior_sales_marketing):
    "Yearly revenue gained for each unit of the prior quarter's sales and marketing."
    return rows_of(call('CSM_MAGIC_NUMBER', revenue, prior_revenue, prior_sales_marketing))


@xw.func(category="csmcalc Economics")
@xw.arg("arr", "raw", doc='recurring revenue; currency per year')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.arg("support_cost", "raw", doc='cost of support; currency per year')
@xw.arg("success_cost", "raw", doc='cost of customer success; currency per year')
@xw.ret("raw")
def CSM_CONTRIBUTION(arr, gross_margin, support_cost, success_cost):
    'What a customer leaves after delivery, support and success.'
    return rows_of(call('CSM_CONTRIBUTION', arr, gross_margin, support_cost, success_cost))


@xw.func(category="csmcalc Economics")
@xw.arg("arr", "raw", doc='recurring revenue assigned; currency per year')
@xw.arg("support_cost", "raw", doc='cost of support; currency per year')
@xw.arg("success_cost", "raw", doc='cost of customer success; currency per year')
@xw.arg("max_share", "raw", doc='part of the revenue that service may take; share; default 1')
@xw.ret("raw")
def CSM_MARGIN_GUARD(arr, support_cost, success_cost, max_share=None):
    'Whether the cost of service stays below the recurring revenue assigned.'
    return rows_of(call('CSM_MARGIN_GUARD', arr, support_cost, success_cost, max_share))


@xw.func(category="csmcalc Economics")
@xw.arg("cost", "raw", doc='loaded cost of the CSM; currency per year')
@xw.arg("arr_covered", "raw", doc='ARR of the accounts covered; currency per year')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost, unused with a multiple; share')
@xw.arg("multiple", "raw", doc='value of the company per unit of ARR, for the value view; multiple')
@xw.ret("raw")
def CSM_BREAKEVEN_GRR(cost, arr_covered, gross_margin, multiple=None):
    'Gross retention that a CSM must add to pay for itself.'
    return rows_of(call('CSM_BREAKEVEN_GRR', cost, arr_covered, gross_margin, multiple))


@xw.func(category="csmcalc Economics")
@xw.arg("cost", "raw", doc='loaded cost of the CSM; currency per year')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.ret("raw")
def CSM_BREAKEVEN_EXPANSION(cost, gross_margin):
    'ARR that a CSM must save or expand to pay for itself.'
    return rows_of(call('CSM_BREAKEVEN_EXPANSION', cost, gross_margin))


@xw.func(category="csmcalc Economics")
@xw.arg("saving", "raw", doc='service cost saved on the cohort; currency per year')
@xw.arg("cohort_arr", "raw", doc='ARR of the cohort; currency per year')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.ret("raw")
def CSM_INDIFFERENCE_GRR(saving, cohort_arr, gross_margin):
    'Gross retention that may be lost before a leaner service stops paying.'
    return rows_of(call('CSM_INDIFFERENCE_GRR', saving, cohort_arr, gross_margin))


@xw.func(category="csmcalc Economics")
@xw.arg("contribution", "raw", doc='what the customer leaves after service; currency per year')
@xw.arg("cac", "raw", doc='acquisition cost of the customer; currency')
@xw.arg("payback_years", "raw", doc='years in which it must be repaid; years')
@xw.ret("raw")
def CSM_STRICT_GUARD(contribution, cac, payback_years):
    'Whether the contribution also repays the acquisition cost in time.'
    return rows_of(call('CSM_STRICT_GUARD', contribution, cac, payback_years))


@xw.func(category="csmcalc Economics")
@xw.arg("cost", "raw", doc='loaded cost of the hires; currency per year')
@xw.arg("book", "raw", doc='ARR of the accounts they would cover; currency per year')
@xw.arg("grr_covered", "raw", doc='gross retention of covered accounts; share')
@xw.arg("grr_uncovered", "raw", doc='gross retention of uncovered accounts; share')
@xw.arg("gross_margin", "raw", doc='gross margin, before support and success cost; share')
@xw.ret("raw")
def CSM_HIRE_CASE(cost, book, grr_covered, grr_uncovered, gross_margin):
    'The case for a hire: ARR retained, profit, payback months and margin of safety.'
    return rows_of(call('CSM_HIRE_CASE', cost, book, grr_covered, grr_uncovered, gross_margin))


@xw.func(category="csmcalc Segments")
@xw.arg("profitability", "raw", doc='contribution at standard service as a share of revenue; share')
@xw.arg("growth", "raw", doc='growth rate, or expected ACV multiple less 1; share')
@xw.arg("profitability_threshold", "raw", doc='where profitability begins to be high; share; default 0')
@xw.arg("growth_threshold", "raw", doc='where growth begins to be high; share; default 0.1')
@xw.arg("band", "raw", doc='half-width on both axes inside which previous keeps its side, inclusive; share; default 0')
@xw.arg("previous", "raw", doc='segment of the period before, blank when there was none; text')
@xw.ret("raw")
def BCG_SEGMENT(profitability, growth, profitability_threshold=None, growth_threshold=None, band=None, previous=None):
    'BCG segment of a customer on profitability and growth potential.'
    return rows_of(call('BCG_SEGMENT', profitability, growth, profitability_threshold, growth_threshold, band, previous))


@xw.func(category="csmcalc Segments")
@xw.arg("values", "raw", doc='profitability or growth of the customers; any unit')
@xw.arg("method", "raw", doc='median, mean, weighted or percentile; text; default "median"')
@xw.arg("weights", "raw", doc='weight of each customer, such as its ARR, for the weighted mean; any unit')
@xw.arg("percentile", "raw", doc='which one, for the method percentile; share; default 0.5')
@xw.ret("raw")
def BCG_THRESHOLD(values, method=None, weights=None, percentile=None):
    'Threshold between low and high, read off the customers themselves.'
    return rows_of(call('BCG_THRESHOLD', values, method, weights, percentile))


@xw.func(category="csmcalc Segments")
@xw.arg("profitability", "raw", doc='contribution at standard service as a share of revenue; share')
@xw.arg("growth", "raw", doc='growth rate, or expected ACV multiple less 1; share')
@xw.arg("profitability_threshold", "raw", doc='where profitability begins to be high; share; default 0')
@xw.arg("growth_threshold", "raw", doc='where growth begins to be high; share; default 0.1')
@xw.ret("raw")
def BCG_DISTANCE(profitability, growth, profitability_threshold=None, growth_threshold=None):
    'How near a customer is to another segment.'
    return rows_of(call('BCG_DISTANCE', profitability, growth, profitability_threshold, growth_threshold))


@xw.func(category="csmcalc Segments")
@xw.arg("segment", "raw", doc='Star, Cash Cow, Question Mark or Poor Dog, in any case; text')
@xw.ret("raw")
def BCG_ACTION(segment):
    'What to do with the customers of a BCG segment.'
    return rows_of(call('BCG_ACTION', segment))


@xw.func(category="csmcalc Segments")
@xw.arg("arr", "raw", doc='ARR of the customer; currency per year')
@xw.arg("cuts", "raw", doc='where the next tier begins, ascending; currency per year')
@xw.arg("names", "raw", doc='names of the tiers, lowest first, one more than cuts; text')
@xw.ret("raw")
def CSM_TIER(arr, cuts, names):
    'Service tier of a customer by its ARR.'
    return rows_of(call('CSM_TIER', arr, cuts, names))


@xw.func(category="csmcalc Segments")
@xw.arg("x_score", "raw", doc='score on the first axis; share')
@xw.arg("y_score", "raw", doc='score on the second axis; share')
@xw.arg("low", "raw", doc='where medium begins on both axes; share; default 1/3')
@xw.arg("high", "raw", doc='where high begins on both axes; share; default 2/3')
@xw.ret("raw")
def CSM_NINE_BOX(x_score, y_score, low=None, high=None):
    'Cell of the nine-box (GE-McKinsey) matrix for two weighted scores.'
    return rows_of(call('CSM_NINE_BOX', x_score, y_score, low, high))


@xw.func(category="csmcalc Optimum")
@xw.arg("hours", "raw", doc='service to judge; hours per year and account')
@xw.arg("none", "raw", doc='net retention without service, may exceed 1; share')
@xw.arg("today", "raw", doc="net retention at today's hours; share")
@xw.arg("saturated", "raw", doc='net retention that no service can lift further; share')
@xw.arg("hours_today", "raw", doc='service the account has today; hours per year and account')
@xw.ret("raw")
def CSM_RESPONSE(hours, none, today, saturated, hours_today):
    'Net retention of a customer at some hours of service, from three judged points.'
    return rows_of(call('CSM_RESPONSE', hours, none, today, saturated, hours_today))


@xw.func(category="csmcalc Optimum")
@xw.arg("effort", "raw", doc='effort, 1 = today; multiple')
@xw.arg("y0", "raw", doc='response without effort; any unit')
@xw.arg("ymax", "raw", doc='response that no effort can lift further; the unit of y0')
@xw.arg("c", "raw", doc='shape of the curve; exponent')
@xw.arg("d", "raw", doc='where the curve rises, effort^c at half the way; number')
@xw.ret("raw")
def CSM_ADBUDG(effort, y0, ymax, c, d):
    "Response to effort on Little's ADBUDG curve; S-shaped where c > 1."
    return rows_of(call('CSM_ADBUDG', effort, y0, ymax, c, d))


@xw.func(category="csmcalc Optimum")
@xw.arg("y0", "raw", doc='response without effort; any unit')
@xw.arg("y1", "raw", doc="response at today's effort; the unit of y0")
@xw.arg("y15", "raw", doc='response at half as much effort again; the unit of y0')
@xw.arg("ymax", "raw", doc='response that no effort can lift further; the unit of y0')
@xw.ret("raw")
def CSM_ADBUDG_FIT(y0, y1, y15, ymax):
    'Shape of the ADBUDG curve from four judged responses.'
    return rows_of(call('CSM_ADBUDG_FIT', y0, y1, y15, ymax))


@xw.func(category="csmcalc Optimum")
@xw.arg("effort", "raw", doc='effort of each observation, 1 = today; multiple')
@xw.arg("response", "raw", doc='response observed; any unit')
@xw.ret("raw")
def CSM_ADBUDG_LSQ(effort, response):
    'ADBUDG curve through observed responses, by least squares.'
    return rows_of(call('CSM_ADBUDG_LSQ', effort, response))


@xw.func(category="csmcalc Optimum")
@xw.arg("segment_table", "raw", doc='a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table')
@xw.arg("loaded_cost", "raw", doc='what a CSM costs a year; currency per year and CSM')
@xw.arg("effective_hours", "raw", doc='hours a CSM has for customers; hours per year and CSM')
@xw.arg("gross_margin", "raw", doc='margin before support and success cost; share')
@xw.arg("discount", "raw", doc='discount rate; share a year')
@xw.arg("years", "raw", doc='years for which what is retained counts; years')
@xw.arg("charge_service", "raw", doc='TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE')
@xw.ret("raw")
def CSM_OPTIMAL_HEADCOUNT(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service=None):
    'Whole CSMs that maximise the value of all customers, net of what the CSMs cost.'
    return rows_of(call('CSM_OPTIMAL_HEADCOUNT', segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service))


@xw.func(category="csmcalc Optimum")
@xw.arg("segment_table", "raw", doc='a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table')
@xw.arg("loaded_cost", "raw", doc='what a CSM costs a year; currency per year and CSM')
@xw.arg("effective_hours", "raw", doc='hours a CSM has for customers; hours per year and CSM')
@xw.arg("gross_margin", "raw", doc='margin before support and success cost; share')
@xw.arg("discount", "raw", doc='discount rate; share a year')
@xw.arg("years", "raw", doc='years for which what is retained counts; years')
@xw.arg("charge_service", "raw", doc='TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE')
@xw.arg("max_csms", "raw", doc='where the curve ends, by default with the last useful CSM; CSMs')
@xw.ret("raw")
def CSM_VALUE_CURVE(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service=None, max_csms=None):
    'Net value of every headcount, from the fewest that cover the minimum hours.'
    return rows_of(call('CSM_VALUE_CURVE', segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service, max_csms))


@xw.func(category="csmcalc Optimum")
@xw.arg("segment_table", "raw", doc='a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table')
@xw.arg("loaded_cost", "raw", doc='what a CSM costs a year; currency per year and CSM')
@xw.arg("effective_hours", "raw", doc='hours a CSM has for customers; hours per year and CSM')
@xw.arg("gross_margin", "raw", doc='margin before support and success cost; share')
@xw.arg("discount", "raw", doc='discount rate; share a year')
@xw.arg("years", "raw", doc='years for which what is retained counts; years')
@xw.arg("csms", "raw", doc='CSMs in the team; CSMs')
@xw.arg("charge_service", "raw", doc='TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE')
@xw.ret("raw")
def CSM_SERVICE_HOURS(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service=None):
    "Hours a year for an account of each segment when a team's hours go where they bring most."
    return rows_of(call('CSM_SERVICE_HOURS', segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service))


@xw.func(category="csmcalc Optimum")
@xw.arg("segment_table", "raw", doc='a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table')
@xw.arg("loaded_cost", "raw", doc='what a CSM costs a year; currency per year and CSM')
@xw.arg("effective_hours", "raw", doc='hours a CSM has for customers; hours per year and CSM')
@xw.arg("gross_margin", "raw", doc='margin before support and success cost; share')
@xw.arg("discount", "raw", doc='discount rate; share a year')
@xw.arg("years", "raw", doc='years for which what is retained counts; years')
@xw.arg("csms", "raw", doc='CSMs in the team before; CSMs')
@xw.arg("charge_service", "raw", doc='TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE')
@xw.ret("raw")
def CSM_NEXT_VALUE(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service=None):
    'What one CSM more would be worth, before the cost.'
    return rows_of(call('CSM_NEXT_VALUE', segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, charge_service))


@xw.func(category="csmcalc Optimum")
@xw.arg("segment_table", "raw", doc='a row a segment: accounts, arr_per_account, hours_today, retention_none, retention_today, retention_saturated, hours_min, hours_max; table')
@xw.arg("loaded_cost", "raw", doc='what a CSM costs a year; currency per year and CSM')
@xw.arg("effective_hours", "raw", doc='hours a CSM has for customers; hours per year and CSM')
@xw.arg("gross_margin", "raw", doc='margin before support and success cost; share')
@xw.arg("discount", "raw", doc='discount rate; share a year')
@xw.arg("years", "raw", doc='years for which what is retained counts; years')
@xw.arg("charge_service", "raw", doc='TRUE charges the future service of what is retained; TRUE or FALSE; default TRUE')
@xw.arg("arr_per_csm", "raw", doc='ARR that one CSM covers by the rule; currency per year and CSM; default 2000000')
@xw.ret("raw")
def CSM_RULE_GAP(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service=None, arr_per_csm=None):
    'Net value lost by hiring as the ARR rule says, its hours still given where they bring most.'
    return rows_of(call('CSM_RULE_GAP', segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service, arr_per_csm))


@xw.func(category="csmcalc Balance")
@xw.arg("values", "raw", doc='load of each CSM, such as hours or ARR; any unit')
@xw.ret("raw")
def CSM_BALANCE_CV(values):
    'Coefficient of variation of the loads; 0 = perfectly even.'
    return rows_of(call('CSM_BALANCE_CV', values))


@xw.func(category="csmcalc Balance")
@xw.arg("values", "raw", doc='load of each CSM, such as hours or ARR; any unit')
@xw.ret("raw")
def CSM_GINI(values):
    'Gini coefficient of the loads; 0 = perfectly even, near 1 = all on one.'
    return rows_of(call('CSM_GINI', values))


@xw.func(category="csmcalc Balance")
@xw.arg("values", "raw", doc='load of each CSM, such as hours or ARR; any unit')
@xw.ret("raw")
def CSM_MAX_MIN(values):
    'Largest load for each unit of the smallest; 1 = perfectly even.'
    return rows_of(call('CSM_MAX_MIN', values))


@xw.func(category="csmcalc Balance")
@xw.arg("values", "raw", doc='load of each CSM, such as hours or ARR; any unit')
@xw.arg("tolerance", "raw", doc='half-width of the corridor relative to the mean; share; default 0.15')
@xw.ret("raw")
def CSM_OUTSIDE(values, tolerance=None):
    'How many loads lie outside the mean plus or minus a tolerance.'
    return rows_of(call('CSM_OUTSIDE', values, tolerance))


@xw.func(category="csmcalc Balance")
@xw.arg("values", "raw", doc='values, such as a rate by segment; any unit')
@xw.arg("weights", "raw", doc='weight of each, such as its ARR; any unit')
@xw.ret("raw")
def CSM_WEIGHTED_MEAN(values, weights):
    'Mean of values by weights.'
    return rows_of(call('CSM_WEIGHTED_MEAN', values, weights))


@xw.func(category="csmcalc Balance")
@xw.arg("customers", "raw", doc='a row a customer: id, arr, hours, [risk], [owner], [region]; table')
@xw.arg("csms", "raw", doc='a row a CSM: name, hours, [region]; table')
@xw.arg("continuity_weight", "raw", doc='what a change of owner counts beside balance; points per %; default 0.25')
@xw.ret("raw")
def CSM_ASSIGN(customers, csms, continuity_weight=None):
    "Owner of each customer: hours, ARR and risk even by the CSMs' hours, few changes of owner."
    return rows_of(call('CSM_ASSIGN', customers, csms, continuity_weight))
