-- Are customers happy with our answers?
--
-- Ratings by the quarter in which they were given, of the question that every survey has. The scale is 103 to -103
-- around 100, which is neutral; classic surveys have 1 (happy), 2 (neutral) and 3 (unhappy).

with mark as (
    select date_trunc('quarter', created_at) as quarter_start, (ratings->>'default_question')::int as value
    from satisfaction_ratings
)

select
    strftime(quarter_start, '%Y') || ' Q' || quarter(quarter_start) as quarter,
    count(*) as ratings,
    round(100 * count(*) filter (value > 100 or value = 1) / count(*), 1) as percent_happy,
    round(100 * count(*) filter (value in (100, 2)) / count(*), 1) as percent_neutral,
    round(100 * count(*) filter (value < 0 or value = 3) / count(*), 1) as percent_unhappy
from mark
where value is not null
group by quarter_start
order by quarter_start
